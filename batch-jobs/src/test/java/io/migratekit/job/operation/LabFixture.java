package io.migratekit.job.operation;

import io.migratekit.job.JobsApp;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceMachines;
import io.migratekit.source.SourceRef;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.lab.Lab;
import io.migratekit.source.lab.LabVm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A lab with machines, each added to the jobs with a target image per disk. */
final class LabFixture {
    private final Path folder;
    private final Lab lab;

    LabFixture(Path folder) throws IOException {
        this.folder = folder;
        this.lab = Lab.open(folder.resolve("lab"));
    }

    Lab lab() {
        return lab;
    }

    LabVm add(JobsApp app, String name, int fillPercent, long seed, long... capacityBytes) throws IOException {
        LabVm vm = lab.create(name, fillPercent, seed, capacityBytes);
        List<MachineCatalog.DiskPair> pairs = new ArrayList<>();
        for (DiskKey key : vm.diskKeys()) {
            pairs.add(new MachineCatalog.DiskPair(
                    vm.ref(key).text(), target(name, key).toString()));
        }
        app.get(MachineCatalog.class).add(name, pairs);
        return vm;
    }

    Path target(String name, DiskKey key) {
        return folder.resolve(name + "-" + key + ".raw");
    }

    /** Returns a text for each disk whose target differs from the guest's disk. */
    List<String> differences(LabVm vm) throws IOException {
        List<String> found = new ArrayList<>();
        for (DiskKey key : vm.diskKeys()) {
            long at = Images.mismatch(vm.image(key), target(vm.name(), key));
            if (at >= 0) {
                found.add("disk %s differs at %d".formatted(key, at));
            }
        }
        return found;
    }

    /** Returns the names of the snapshots that jobs have at the source. */
    static List<String> snapshots(JobsApp app, LabVm vm) throws IOException {
        Map<DiskKey, SourceRef> disks = new LinkedHashMap<>();
        for (DiskKey key : vm.diskKeys()) {
            disks.put(key, vm.ref(key));
        }
        try (SourceMachine machine = app.get(SourceMachines.class).open(vm.name(), disks)) {
            return machine.snapshots("migratekit-").stream()
                    .map(SourceSnapshot::name)
                    .toList();
        }
    }

    static JobHandle<ReplicationResult, ReplicationProgress> start(JobsApp app, String vm) {
        return app.get(Replications.class).start(vm, StartOptions.defaults());
    }
}
