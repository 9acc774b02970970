package io.migratekit.job.operation;

import io.migratekit.job.JobsApp;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.ChangeMapPlanner;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.MemoryChangeMapSegments;
import io.migratekit.source.extent.PlanProgress;
import io.migratekit.source.vcenter.VCenterRef;
import io.migratekit.source.vcenter.inventory.Inventory;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vcenter.session.LabAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import io.migratekit.source.vcenter.tracking.OwnSnapshot;
import io.migratekit.source.vcenter.tracking.TrackedMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures what a vCenter costs us: discovery, the plan of a fragmented disk, a night in which nothing changed. Against
 * the lab vCenter; a program of its own, since a figure is no test. Prints rows for {@code ./bench}.
 */
final class VCenterBenchmark {
    private static final int MACHINES = 2000;
    private static final int AREAS = 1_000_000;
    private static final int AREAS_PER_PAGE = 2000;
    private static final long BLOCK_BYTES = 64 << 10;
    private static final long DISK_BYTES = 1L << 30;
    private static final int DISKS = 4;
    private static final int ROUNDS = 7;

    private VCenterBenchmark() {}

    private interface Work {
        /** Returns seconds. */
        double run() throws Exception;
    }

    /** Takes an empty folder, and fills it. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        discovery(Files.createDirectories(folder.resolve("many")));
        try (LabVCenter lab = start(Files.createDirectories(folder.resolve("lab")), LabInventory.empty())) {
            plan(lab);
            nightly(lab, folder);
        }
        System.exit(0); // H2 in memory keeps threads
    }

    private static LabVCenter start(Path folder, LabInventory inventory) throws Exception {
        return io.migratekit.source.vcenter.lab.LabFixture.start(folder, inventory);
    }

    private static void discovery(Path folder) throws Exception {
        try (LabVCenter lab = start(folder, LabInventory.machines(MACHINES));
                VCenterSessions sessions = new VCenterSessions(LabAccounts.limits());
                VCenterSession session = sessions.open(LabAccounts.of(lab))) {
            row("discovery of 2,000 VMs", "< 15 s", () -> {
                long beganNanos = System.nanoTime();
                check(new Inventory(session).machines().size() == MACHINES);
                return (System.nanoTime() - beganNanos) / 1e9;
            });
        }
    }

    /** Our own cost is the processor's time of the thread that asks, reads the answers and keeps the map. */
    private static void plan(LabVCenter lab) throws Exception {
        try (VCenterSessions sessions = new VCenterSessions(LabAccounts.limits());
                VCenterSession session = sessions.open(LabAccounts.of(lab))) {
            LabMachine made = lab.control()
                    .create(LabMachineSpec.named("fragmented")
                            .disk(2L * AREAS * BLOCK_BYTES)
                            .running());
            TrackedMachine machine = new TrackedMachine(session, made.instanceUuid());
            machine.enable();
            int disk = made.disks().get(0);
            OwnSnapshot before = machine.takeSnapshot("migratekit-before", note -> {});
            ChangeId since =
                    machine.changeId(before, machine.disks(before).get(0)).orElseThrow();
            made.mark(disk, 0, 512, 2 * BLOCK_BYTES, AREAS);
            OwnSnapshot snapshot = machine.takeSnapshot("migratekit-after", note -> {});
            InventoryDisk frozen = machine.disks(snapshot).get(0);
            long pages = lab.control().calls("QueryChangedDiskAreas");
            row("plan a million changed areas, our processor time", "< 1 s", () -> {
                long beganNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                check(planned(machine, snapshot, frozen, since) == AREAS * BLOCK_BYTES);
                return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - beganNanos) / 1e9;
            });
            check((lab.control().calls("QueryChangedDiskAreas") - pages) == (long) ROUNDS * AREAS / AREAS_PER_PAGE);
        }
    }

    private static long planned(TrackedMachine machine, OwnSnapshot snapshot, InventoryDisk disk, ChangeId since)
            throws IOException {
        try (ChangeQuery query = machine.changes(snapshot, disk, since)) {
            return new ChangeMapPlanner(Duration.ZERO)
                    .plan(
                            disk.capacityBytes(),
                            ChangeMap.Rest.UNCHANGED,
                            query,
                            new MemoryChangeMapSegments(),
                            PlanProgress.NONE)
                    .bytes(Extent.Kind.DATA, 0, disk.capacityBytes());
        }
    }

    /** The whole job in a process that runs, the lab's answers and nbdkit's start included. */
    private static void nightly(LabVCenter lab, Path folder) throws Exception {
        LabMachineSpec spec = LabMachineSpec.named("nightly").running();
        for (int disk = 0; disk < DISKS; disk++) {
            spec.disk(DISK_BYTES);
        }
        LabMachine made = lab.control().create(spec);
        lab.control().setDatastore("LocalDS_0", "VMFS");
        String database = "jdbc:h2:file:" + folder.resolve("db")
                + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;WRITE_DELAY=0";
        String setting = VCenterWiring.setting(lab, folder.resolve("lab.properties"));
        try (JobsApp app = JobsApp.start(folder, database, VCenterWiring.class, setting)) {
            List<MachineCatalog.DiskPair> pairs = new ArrayList<>();
            for (int disk : made.disks()) {
                pairs.add(new MachineCatalog.DiskPair(
                        new VCenterRef(lab.instanceUuid(), made.instanceUuid(), disk)
                                .toSourceRef()
                                .text(),
                        folder.resolve("target-" + disk + ".raw").toString()));
            }
            app.get(MachineCatalog.class).add("nightly", pairs);
            replicate(app);
            row("incremental of four disks, nothing changed, lab vCenter and nbdkit included", "< 2 s", () -> {
                long beganNanos = System.nanoTime();
                check(replicate(app).bytesCopied() == 0);
                return (System.nanoTime() - beganNanos) / 1e9;
            });
        }
    }

    private static ReplicationResult replicate(JobsApp app) throws InterruptedException {
        return app.get(Replications.class)
                .start("nightly", StartOptions.defaults())
                .result();
    }

    private static void row(String what, String bound, Work work) throws Exception {
        double[] seconds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            seconds[round] = work.run();
        }
        Arrays.sort(seconds);
        System.out.printf("| %s | – | – | %.3f s | – | %s |%n", what, seconds[ROUNDS / 2], bound);
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("what was measured did not do what it should");
        }
    }
}
