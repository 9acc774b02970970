package io.migratekit.source.vcenter;

import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.Datastores;
import io.migratekit.source.vcenter.inventory.Datastores.Datastore;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryDisk.DiskBacking.RawDevice;
import io.migratekit.source.vcenter.tracking.TrackedMachine;
import java.util.List;
import java.util.Optional;

/**
 * Tells when vSphere's word on what is allocated (a change query since {@code *}) may decide what a full copy leaves
 * out. VMware vouches for it on VMFS where tracking was switched on while there was no snapshot; elsewhere it may be one
 * area for all of the disk, an error, or, since vSphere 6.5, wrong without an error. So each condition has to be known to
 * hold, not only to be likely: see docs/decisions/0012-when-allocation-is-believed.md.
 */
final class AllocationTrust {
    private final TrackedMachine tracked;
    private final Datastores datastores;

    AllocationTrust(TrackedMachine tracked, Datastores datastores) {
        this.tracked = tracked;
        this.datastores = datastores;
    }

    /**
     * Returns why every byte of a disk has to be read, to be put behind "since"; empty if vSphere's word is enough.
     *
     * @param disk as our snapshot holds it
     * @param trackedFromNow whether we switched tracking on just before that snapshot, while the machine ran without
     *     snapshots
     */
    Optional<String> doubt(InventoryDisk disk, boolean trackedFromNow) throws SourceException {
        InventoryDisk.DiskBacking backing = disk.backing();
        if (!trackedFromNow) {
            return Optional.of("tracking was not switched on for this copy, while the VM ran without snapshots");
        }
        if (!backing.type().equals("FlatVer2") || backing.rawDevice() != RawDevice.NO) {
            return Optional.of("it is a %s disk".formatted(backing.type()));
        }
        if (!backing.thin().orElse(false)) {
            return Optional.of("it is thick, so all of it is allocated");
        }
        if (backing.chain() != 1) {
            return Optional.of("it is spread over %d files of snapshots".formatted(backing.chain()));
        }
        Optional<String> place = elsewhere(backing.datastore());
        return place.isPresent() ? place : tracked.hostDoubt();
    }

    private Optional<String> elsewhere(String name) throws SourceException {
        List<String> types = datastores.of(tracked.reference()).stream()
                .filter(store -> store.name().equals(name))
                .map(Datastore::type)
                .distinct()
                .toList();
        return types.equals(List.of("VMFS"))
                ? Optional.empty()
                : Optional.of("its datastore '%s' is %s, and vSphere only knows for certain on VMFS"
                        .formatted(
                                name, types.isEmpty() ? "not one that the user may see" : String.join(" or ", types)));
    }
}
