package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.DaemonHealth.Check;
import io.migratekit.volume.cloudstack.api.ApiKeys;
import io.migratekit.volume.compute.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of a configuration before anything depends on it. */
final class CloudInspectionTest extends CloudFixture {
    private static final MachineIdentity NOBODY = new MachineIdentity(Optional.empty(), Set.of());

    @Test
    void findsNothingWrongWithARightConfiguration() {
        attached();
        DaemonHealth seen = Clouds.connect(server).inspect();
        assertThat(seen.healthy()).isTrue();
        assertThat(seen.checks())
                .extracting(Check::name)
                .containsExactly("API", "calls", "zone", "disk offering", "appliance", "devices");
        assertThat(detail(seen, "API")).contains(server.endpoint().getAuthority(), "1 zones");
        assertThat(detail(seen, "zone")).contains("zone one");
        assertThat(detail(seen, "appliance")).contains(CloudState.OMA);
        assertThat(detail(seen, "devices")).startsWith("1 virtio disks");
        assertThat(server.urls()).containsOnly("/client/api");
    }

    @Test
    void namesTheCallsThatTheAccountsRoleLacks() {
        server.state.forbid("createSnapshot");
        server.state.forbid("revertSnapshot");
        DaemonHealth seen = Clouds.connect(server).inspect();
        assertThat(seen.healthy()).isFalse();
        assertThat(failed(seen)).containsExactly("calls");
        assertThat(detail(seen, "calls")).contains("lacks createSnapshot, revertSnapshot; allow them");
    }

    @Test
    void asksForNothingMoreWhenTheKeysAreWrong() {
        ApiKeys wrong = new ApiKeys(CloudServer.API_KEY, "no-such-secret");
        DaemonHealth seen = Clouds.connect(Clouds.settings(server, server.endpoint(), wrong), NOBODY)
                .inspect();
        assertThat(failed(seen)).containsExactly("API");
        assertThat(detail(seen, "API")).contains("error 401").doesNotContain("no-such-secret");
        assertThat(seen.checks()).hasSize(2);
    }

    @Test
    void tellsOfEverythingThatIsWrongAtOnce() throws IOException {
        CloudStackSettings settings =
                Clouds.settings(server, server.endpoint(), Clouds.keys(), CloudState.FIXED_OFFERING, Optional.empty());
        Files.delete(server.state.devices.links);
        DaemonHealth seen = Clouds.connect(settings, NOBODY).inspect();
        assertThat(failed(seen)).containsExactly("disk offering", "appliance", "devices");
        assertThat(detail(seen, "disk offering")).contains("20 GiB only");
        assertThat(detail(seen, "appliance")).contains("'ossea set'");
        assertThat(detail(seen, "devices")).contains("is udev running?");
    }

    @Test
    void listsWhatACloudOffersBeforeAnythingIsChosen() {
        Catalog catalog =
                CloudStack.catalog(server.endpoint(), ServerTrust.AUTHORITIES, Clouds.keys(), Clouds.REQUEST_TIMEOUT);
        assertThat(catalog.zones()).extracting(Catalog.Zone::name).containsExactly("zone one");
    }

    private static String detail(DaemonHealth seen, String name) {
        return seen.checks().stream()
                .filter(check -> check.name().equals(name))
                .map(Check::detail)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> failed(DaemonHealth seen) {
        return seen.checks().stream()
                .filter(check -> !check.passed())
                .map(Check::name)
                .toList();
    }
}
