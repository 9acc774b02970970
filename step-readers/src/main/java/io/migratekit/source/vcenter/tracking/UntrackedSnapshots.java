package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualMachineSnapshotTree;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.Devices;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.property.PropertyRow;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Snapshots of a tracked machine that were taken before its tracking was switched on. As long as one of them is there,
 * answers about changes can be incomplete without an error (since vSphere 6.5).
 */
final class UntrackedSnapshots {
    private static final String ENABLED = "config.changeTrackingEnabled";
    private static final String DEVICES = "config.hardware.device";

    private UntrackedSnapshots() {}

    /** Returns what is in the way of believing the tracking, and what to do; empty if nothing is, or tracking is off. */
    static Optional<String> doubt(VCenterSession session, MachineState state) throws SourceException {
        if (!state.enabled()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        for (VirtualMachineSnapshotTree snapshot : state.snapshots()) {
            if (!isTracked(session, snapshot)) {
                names.add("'" + snapshot.getName() + "'");
            }
        }
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "tracking was switched on above the snapshot %s, and then vSphere's answers can be incomplete: remove it, then reset tracking (switch it off and on again, each followed by a snapshot that is taken and removed)"
                                .formatted(String.join(", ", names)));
    }

    private static boolean isTracked(VCenterSession session, VirtualMachineSnapshotTree snapshot)
            throws SourceException {
        try {
            PropertyRow row = session.ask(
                    "describe the snapshot '%s'".formatted(snapshot.getName()),
                    vim -> new PropertyQuestion()
                            .of("VirtualMachineSnapshot", ENABLED, DEVICES)
                            .ask(vim, snapshot.getSnapshot()));
            return row.is(ENABLED)
                    || row.get(DEVICES, VirtualDevice[].class)
                            .map(devices -> new Devices(devices).disks())
                            .filter(UntrackedSnapshots::haveChangeIds)
                            .isPresent();
        } catch (SourceException.NotFound e) {
            return true; // removed meanwhile, so it is in nobody's way
        }
    }

    private static boolean haveChangeIds(List<InventoryDisk> disks) {
        return disks.stream().anyMatch(disk -> disk.backing().changeId().isPresent());
    }
}
