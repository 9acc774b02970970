package io.migratekit.shell.vcenter;

import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.source.vcenter.VCenterRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which VMs of vCenters were added, and as what. */
final class AddedMachines {
    private final Map<List<String>, String> names = new HashMap<>(); // by the UUIDs of vCenter and machine

    AddedMachines(MachineCatalog catalog) {
        for (Machine machine : catalog.list()) {
            disk(machine).ifPresent(disk -> names.put(List.of(disk.vCenter(), disk.machine()), machine.name()));
        }
    }

    Optional<String> name(String vCenter, String instanceUuid) {
        return Optional.ofNullable(names.get(List.of(vCenter, instanceUuid)));
    }

    /** Returns one of the machine's disks, if it is of a vCenter. */
    static Optional<VCenterRef> disk(Machine machine) {
        return machine.disks().stream()
                .map(MachineDisk::source)
                .filter(VCenterRef::isIn)
                .findFirst()
                .map(VCenterRef::parse);
    }
}
