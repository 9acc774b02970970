package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.OptionValue;
import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.ChangeMapPlanner;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentCursor;
import io.migratekit.source.extent.MemoryChangeMapSegments;
import io.migratekit.source.extent.PlanProgress;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.lab.LabControl;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabScript;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vcenter.session.LabAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A lab vCenter, a session there, and machines whose changes are tracked. */
final class TrackingLab implements AutoCloseable {
    static final int BLOCK = 64 << 10;
    static final int DISK = 2000;

    private final LabVCenter lab;
    private final VCenterSessions sessions = new VCenterSessions(LabAccounts.limits());
    private final VCenterSession session;
    private int number;

    TrackingLab(Path folder) throws Exception {
        lab = LabFixture.start(folder, LabInventory.empty());
        session = sessions.open(LabAccounts.of(lab));
    }

    LabVCenter lab() {
        return lab;
    }

    LabMachineSpec spec() {
        return LabMachineSpec.named("Büro/tracked " + number++);
    }

    /** Makes a running machine with one disk whose changes are tracked. */
    LabMachine tracked(long bytes) throws IOException {
        LabMachine made = lab.control().create(spec().disk(bytes).running());
        of(made).enable();
        return made;
    }

    TrackedMachine of(LabMachine machine) {
        return new TrackedMachine(session, machine.instanceUuid());
    }

    /** The host goes on with the task only after the vCenter is back. */
    Thread restartAtTask(String task) throws Exception {
        LabControl control = lab.control();
        control.script(LabScript.task(task).frozen());
        long asked = control.calls(task);
        long logins = control.calls("Login");
        Thread restart = new Thread(() -> {
            try {
                while (control.calls(task) == asked) {
                    Thread.onSpinWait();
                }
                control.restart(Duration.ofMillis(300));
                while (control.calls("Login") == logins) {
                    Thread.onSpinWait();
                }
                control.release();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        restart.start();
        return restart;
    }

    /** Sets for how many days the vCenter keeps events. */
    void keepEvents(int days) throws IOException {
        OptionValue setting = new OptionValue();
        setting.setKey("event.maxAge");
        setting.setValue(days);
        session.ask("set how long it keeps events", vim -> {
            vim.api().updateOptions(vim.content().getSetting(), new OptionValue[] {setting});
            return days;
        });
    }

    Leftovers leftovers() {
        return new Leftovers(session);
    }

    static InventoryDisk disk(TrackedMachine machine, OwnSnapshot snapshot) throws IOException {
        return machine.disks(snapshot).stream()
                .filter(disk -> disk.key() == DISK)
                .findFirst()
                .orElseThrow();
    }

    /** Takes a snapshot and returns its change id, then removes it. */
    static ChangeId moment(TrackedMachine machine) throws IOException {
        OwnSnapshot snapshot = machine.takeSnapshot("migratekit-moment", note -> {});
        ChangeId id = machine.changeId(snapshot, disk(machine, snapshot)).orElseThrow();
        machine.removeSnapshot(snapshot.id());
        return id;
    }

    /** Returns the blocks that changed since, as a replication plans them, each as its number. */
    static List<Long> changed(TrackedMachine machine, OwnSnapshot snapshot, ChangeId since) throws IOException {
        List<Long> blocks = new ArrayList<>();
        ChangeMap map = map(machine, snapshot, since);
        try (ExtentCursor cursor = map.walk(0, map.capacityBytes())) {
            for (Extent extent = cursor.next(BLOCK); extent != null; extent = cursor.next(BLOCK)) {
                blocks.add(extent.offsetBytes() / BLOCK);
            }
        }
        return blocks;
    }

    /** Returns how many bytes changed since, as a replication plans them. */
    static long plan(TrackedMachine machine, OwnSnapshot snapshot, ChangeId since) throws IOException {
        ChangeMap map = map(machine, snapshot, since);
        return map.bytes(Extent.Kind.DATA, 0, map.capacityBytes());
    }

    private static ChangeMap map(TrackedMachine machine, OwnSnapshot snapshot, ChangeId since) throws IOException {
        InventoryDisk disk = disk(machine, snapshot);
        try (ChangeQuery query = machine.changes(snapshot, disk, since)) {
            return new ChangeMapPlanner(Duration.ZERO)
                    .plan(
                            disk.capacityBytes(),
                            ChangeMap.Rest.UNCHANGED,
                            query,
                            new MemoryChangeMapSegments(),
                            PlanProgress.NONE);
        }
    }

    @Override
    public void close() throws IOException {
        session.close();
        sessions.close();
        lab.close();
    }
}
