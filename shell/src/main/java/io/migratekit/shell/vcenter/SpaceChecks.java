package io.migratekit.shell.vcenter;

import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.screen.Units;
import io.migratekit.source.vcenter.inventory.Datastores.Datastore;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import java.util.ArrayList;
import java.util.List;

/** Whether there is room where the snapshots of a VM grow. */
final class SpaceChecks {
    /** A snapshot grows by what the VM writes meanwhile; a datastore that runs full stops every VM on it. */
    private static final int FREE_PERCENT_MIN = 10;

    private SpaceChecks() {}

    static List<Finding> look(InventoryMachine machine, List<Datastore> datastores) {
        List<Finding> findings = new ArrayList<>();
        for (Datastore datastore : datastores) {
            long usedBytes = machine.disks().stream()
                    .filter(disk -> disk.backing().datastore().equals(datastore.name()))
                    .mapToLong(InventoryDisk::capacityBytes)
                    .sum();
            String found = "%s: %s free of %s"
                    .formatted(
                            datastore.name(),
                            Units.bytes(datastore.freeBytes()),
                            Units.bytes(datastore.capacityBytes()));
            if (!datastore.accessible()) {
                findings.add(Finding.error(
                        "datastore", datastore.name() + " cannot be reached by its host", "look at the storage"));
            } else if (datastore.freeBytes() < usedBytes / 100 * FREE_PERCENT_MIN) {
                findings.add(Finding.warning(
                        "datastore",
                        found + ", less than a tenth of what the VM has there",
                        "a snapshot grows by what the VM writes while it is copied: make room first"));
            } else {
                findings.add(Finding.ok("datastore", found));
            }
        }
        return findings;
    }
}
