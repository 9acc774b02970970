package io.migratekit.shell.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaEndpoint;
import io.migratekit.config.account.OsseaPlace;
import io.migratekit.config.account.ServerTrust;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.doctor.Finding.Severity;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.InventoryNic;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whether a VM has a place in the cloud is told before a failover needs one. */
final class CloudChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-27T02:00:00Z");

    @Test
    void theCloudNeedsANetworkAndAnOfferingThatIsLargeEnough() {
        InventoryMachine small = machine(2, 4096);
        InventoryMachine large = machine(16, 65536);

        assertThat(cloud(Optional.empty(), small)).singleElement().satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.OPTIONAL);
            assertThat(found.remedy()).contains("ossea add");
        });
        assertThat(cloud(config(Optional.of("net-1"), Optional.of("big")), small))
                .extracting(Finding::severity)
                .containsExactly(Severity.OK, Severity.OK);
        List<Finding> unfit = cloud(config(Optional.empty(), Optional.of("big")), large);
        assertThat(unfit).extracting(Finding::severity).containsExactly(Severity.WARNING, Severity.WARNING);
        assertThat(unfit.get(0).found()).contains("Network adapter 1 on VM Network", "no network of the cloud");
        assertThat(unfit.get(0).remedy()).contains("ossea set prod --network");
        assertThat(unfit.get(1).found()).contains("16 CPU(s), 64.0 GiB", "4 CPU(s), 8192 MiB");
        List<Finding> gone = cloud(config(Optional.of("net-9"), Optional.of("none")), small);
        assertThat(gone).extracting(Finding::severity).containsExactly(Severity.ERROR, Severity.ERROR);
        assertThat(gone.get(0).found()).contains("net-9");
        assertThat(cloud(config(Optional.of("net-1"), Optional.empty()), small)
                        .get(1)
                        .found())
                .contains("fit into 'big'");
        assertThat(cloud(config(Optional.of("net-1"), Optional.empty()), large)
                        .get(1)
                        .severity())
                .isEqualTo(Severity.ERROR);
    }

    @Test
    void aCloudThatCannotBeAskedIsAFinding() {
        CloudChecks checks = new CloudChecks(() -> config(Optional.empty(), Optional.empty()), config -> {
            throw new VolumeException(VolumeException.Kind.UNAVAILABLE, "the cloud is away");
        });

        assertThat(checks.look(machine(1, 1024)))
                .singleElement()
                .satisfies(found -> assertThat(found.found()).isEqualTo("the cloud is away"));
    }

    private static List<Finding> cloud(Optional<OsseaConfig> config, InventoryMachine machine) {
        return new CloudChecks(() -> config, one -> new SmallCloud()).look(machine);
    }

    private static Optional<OsseaConfig> config(Optional<String> network, Optional<String> offering) {
        OsseaPlace place = new OsseaPlace("zone-1", "disks", offering, network, Optional.empty(), Optional.empty());
        return Optional.of(new OsseaConfig(
                "prod",
                OsseaEndpoint.of("https://cloud.example/client/api"),
                place,
                ServerTrust.AUTHORITIES,
                true,
                NOW,
                NOW));
    }

    private static InventoryMachine machine(int cpus, long memoryMib) {
        InventoryNic nic = new InventoryNic(
                4000,
                "Network adapter 1",
                "00:50:56:00:00:01",
                "vmxnet3",
                Optional.of("VM Network"),
                InventoryNic.Kind.STANDARD,
                true);
        return new InventoryMachine(
                "vm-1",
                "50000000-0000-4000-8000-000000000001",
                "web",
                "/DC0/vm/web",
                cpus,
                memoryMib << 20,
                "bios",
                13,
                "rhel8_64Guest",
                "",
                "",
                InventoryMachine.Tools.RUNNING,
                InventoryMachine.Power.ON,
                false,
                false,
                List.of(),
                List.of(nic));
    }

    /** A cloud with one network and one offering. */
    private static final class SmallCloud implements Catalog {
        @Override
        public List<Zone> zones() {
            return List.of(new Zone(new ResourceId("zone-1"), "one"));
        }

        @Override
        public List<Network> networks(ResourceId zone) {
            return List.of(new Network(new ResourceId("net-1"), "guests", "Isolated", zone));
        }

        @Override
        public List<ServiceOffering> serviceOfferings() {
            return List.of(new ServiceOffering(new ResourceId("big"), "big", false, 4, 8192));
        }

        @Override
        public List<DiskOffering> diskOfferings() {
            return List.of();
        }

        @Override
        public List<Template> templates(ResourceId zone) {
            return List.of();
        }
    }
}
