package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualMachinePowerState;
import com.vmware.vim25.VirtualMachineSnapshotInfo;
import com.vmware.vim25.VirtualMachineSnapshotTree;
import io.migratekit.source.vcenter.inventory.Devices;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.Names;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.property.PropertyRow;
import io.migratekit.source.vcenter.session.Vim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What tracking depends on, as one look saw it.
 *
 * @param name of the machine, as people see it
 * @param hardware as in vmx-13
 * @param supported whether the host can track this machine at all
 * @param enabled whether tracking is switched on
 * @param template whether it is a template
 * @param running whether it is powered on
 * @param quiesceable whether it runs with VMware Tools, so that its guest can be asked to pause writing
 * @param consolidationNeeded whether files of removed snapshots wait to be merged
 * @param disks in the order of their keys
 * @param snapshots all, parents before children, anybody's
 */
record MachineState(
        String name,
        String hardware,
        boolean supported,
        boolean enabled,
        boolean template,
        boolean running,
        boolean quiesceable,
        boolean consolidationNeeded,
        List<InventoryDisk> disks,
        List<VirtualMachineSnapshotTree> snapshots) {

    private static final PropertyQuestion QUESTION = new PropertyQuestion()
            .of(
                    "VirtualMachine",
                    "name",
                    "config.version",
                    "config.changeTrackingEnabled",
                    "config.template",
                    "config.hardware.device",
                    "capability.changeTrackingSupported",
                    "runtime.powerState",
                    "runtime.consolidationNeeded",
                    "guest.toolsRunningStatus",
                    "snapshot");

    static MachineState of(Vim vim, ManagedObjectReference machine) throws IOException {
        PropertyRow row = QUESTION.ask(vim, machine);
        boolean runs = row.get("runtime.powerState", VirtualMachinePowerState.class)
                .filter(VirtualMachinePowerState.poweredOn::equals)
                .isPresent();
        VirtualDevice[] devices =
                row.get("config.hardware.device", VirtualDevice[].class).orElseGet(() -> new VirtualDevice[0]);
        return new MachineState(
                row.text("name").map(Names::shown).orElse(row.id()),
                row.text("config.version").orElse(""),
                row.is("capability.changeTrackingSupported"),
                row.is("config.changeTrackingEnabled"),
                row.is("config.template"),
                runs,
                runs && row.text("guest.toolsRunningStatus").orElse("").equals("guestToolsRunning"),
                row.is("runtime.consolidationNeeded"),
                new Devices(devices).disks(),
                snapshots(row.get("snapshot", VirtualMachineSnapshotInfo.class)));
    }

    /** Returns all snapshots of a machine's tree, parents before children. */
    static List<VirtualMachineSnapshotTree> snapshots(Optional<VirtualMachineSnapshotInfo> info) {
        List<VirtualMachineSnapshotTree> all = new ArrayList<>();
        info.map(VirtualMachineSnapshotInfo::getRootSnapshotList).ifPresent(roots -> collect(roots, all));
        return all;
    }

    private static void collect(VirtualMachineSnapshotTree[] trees, List<VirtualMachineSnapshotTree> all) {
        for (VirtualMachineSnapshotTree tree : trees) {
            all.add(tree);
            if (tree.getChildSnapshotList() != null) {
                collect(tree.getChildSnapshotList(), all);
            }
        }
    }

    /** Returns the same as of a machine that is off: its guest is not to be asked. */
    MachineState withoutQuiescing() {
        return new MachineState(
                name, hardware, supported, enabled, template, false, false, consolidationNeeded, disks, snapshots);
    }

    /** Returns how many files the longest of the disks is spread over, or how many snapshots there are if that is more. */
    int chain() {
        int files =
                disks.stream().mapToInt(disk -> disk.backing().chain()).max().orElse(1);
        return Math.max(files, snapshots.size() + 1);
    }
}
