package io.migratekit.source.vcenter.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vcenter.session.LabAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer("go")
final class DiscoveryIT {
    private static final int MACHINES = 2000;
    private static final Duration DISCOVERY_MAX = Duration.ofSeconds(15);

    @TempDir
    Path folder;

    @Test
    void listsTwoThousandMachinesInOneRetrieval() throws Exception {
        try (LabVCenter lab = LabFixture.start(folder, LabInventory.machines(MACHINES));
                VCenterSessions sessions = new VCenterSessions(LabAccounts.limits());
                VCenterSession session = sessions.open(LabAccounts.of(lab))) {
            long startNanos = System.nanoTime();

            List<InventoryMachine> machines = new Inventory(session).machines();

            assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(DISCOVERY_MAX);
            assertThat(machines)
                    .hasSize(MACHINES)
                    .allMatch(machine -> machine.disks().size() == 1)
                    .allMatch(machine -> machine.path().startsWith("/DC0/vm/"));
            assertThat(lab.control().calls("RetrievePropertiesEx")
                            + lab.control().calls("ContinueRetrievePropertiesEx"))
                    .as("parts of one answer, not one for each machine")
                    .isLessThan(10);
        }
    }
}
