package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.ResourceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a cloud offers, where it does not fit in one page of the API. */
final class CloudPagesTest extends CloudFixture {
    private static final int PAGE_ROWS = 500;
    private static final int MANY = 2 * PAGE_ROWS + 1;
    private static final ResourceId ZONE = new ResourceId(CloudState.ZONE);

    static Stream<Arguments> listings() {
        return Stream.of(
                listing("listZones", state -> state.zones, catalog -> names(catalog.zones(), Catalog.Zone::name)),
                listing(
                        "listNetworks",
                        state -> state.networks,
                        catalog -> names(catalog.networks(ZONE), Catalog.Network::name)),
                listing(
                        "listServiceOfferings",
                        state -> state.serviceOfferings,
                        catalog -> names(catalog.serviceOfferings(), Catalog.ServiceOffering::name)),
                listing(
                        "listDiskOfferings",
                        state -> state.diskOfferings,
                        catalog -> names(catalog.diskOfferings(), Catalog.DiskOffering::name)),
                listing(
                        "listTemplates",
                        state -> state.templates,
                        catalog -> names(catalog.templates(ZONE), Catalog.Template::name)));
    }

    private static Arguments listing(
            String command, Function<CloudState, List<CloudRow>> rows, Function<Catalog, List<String>> names) {
        return Arguments.of(command, rows, names);
    }

    private static <T> List<String> names(List<T> all, Function<T, String> name) {
        return all.stream().map(name).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("listings")
    void readsEveryPageOf(
            String command, Function<CloudState, List<CloudRow>> rows, Function<Catalog, List<String>> names) {
        List<CloudRow> all = rows.apply(server.state);
        while (all.size() < MANY) {
            all.add(new CloudRow(UUID.randomUUID().toString(), "n%04d".formatted(all.size()))
                    .set("zoneid", CloudState.ZONE));
        }
        List<String> expected =
                all.stream().map(row -> row.text("name")).sorted().toList();
        assertThat(names.apply(Clouds.connect(server).catalog())).isEqualTo(expected);
        assertThat(server.asked(command)).isEqualTo(3);
        assertThat(server.last(command).required("page")).isEqualTo("3");
    }

    @Test
    void findsThisApplianceOnTheLastPageOfTheVms() {
        for (int i = 0; i < MANY; i++) {
            vm("02:00:00:01:%02x:%02x".formatted(i / 256, i % 256));
        }
        String mac = "02:00:00:00:99:99";
        String self = vm(mac);
        CloudStack cloud = Clouds.connect(
                Clouds.settings(server, server.endpoint(), Clouds.keys(), CloudState.DISK_OFFERING, Optional.empty()),
                new MachineIdentity(Optional.empty(), Set.of(mac)));
        assertThat(cloud.applianceVm()).isEqualTo(new MachineId(self));
        assertThat(server.asked("listVirtualMachines")).isEqualTo(3);
    }

    private String vm(String macAddress) {
        String id = CloudMachinesTest.machine(server, "Running");
        server.state
                .machine(id)
                .set(
                        "nic",
                        List.of(new CloudRow("nic-" + id, "")
                                .set("networkid", CloudState.NETWORK_A)
                                .set("macaddress", macAddress)));
        return id;
    }
}
