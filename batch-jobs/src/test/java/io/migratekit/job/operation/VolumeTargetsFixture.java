package io.migratekit.job.operation;

import io.migratekit.job.JobsApp;
import io.migratekit.job.TargetRef;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.job.verification.VerificationResult;
import io.migratekit.nbd.NbdUri;
import io.migratekit.source.DiskKey;
import io.migratekit.source.lab.Lab;
import io.migratekit.source.lab.LabVm;
import io.migratekit.volume.Operation;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonStart;
import io.migratekit.volume.daemon.RunningDaemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Jobs and a volume daemon, which they ask over HTTP, in one process; and a lab with machines whose disks have no targets. */
abstract class VolumeTargetsFixture {
    static final long MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    JobsApp app;
    Volumes volumes;
    CuttingCopies copies;
    private RunningDaemon daemon;
    private Lab lab;

    @BeforeEach
    final void start() throws Exception {
        app = JobsApp.start(
                folder,
                JobsApp.memoryDatabase(),
                CuttingCopies.Wiring.class,
                "migratekit.chunk.bytes=2MB",
                "migratekit.copy.window=2MB",
                "migratekit.volumes.port=0",
                "migratekit.volumes.engine=" + engine(),
                "migratekit.volumes.pool=" + pool(),
                "migratekit.volumes.format=" + format(),
                "migratekit.volumes.reserve=0B",
                "migratekit.volumes.overcommit=1000");
        daemon = app.get(DaemonStart.class).start(DaemonStart.Origin.ASKED_FOR);
        volumes = app.get(Volumes.class);
        copies = app.get(CuttingCopies.class);
        lab = Lab.open(folder.resolve("lab"));
    }

    @AfterEach
    final void stop() throws Exception {
        daemon.close();
        app.close();
        release();
    }

    /** Returns what serves exports. */
    String engine() {
        return "embedded";
    }

    /** Returns the format of new volumes. */
    String format() {
        return "raw";
    }

    /** Returns where volumes are, once they can be made there. */
    Path pool() throws Exception {
        return folder.resolve("volumes");
    }

    /** Gives back what {@link #pool} took. */
    void release() throws Exception {}

    final LabVm add(String name, long... capacityBytes) throws IOException {
        LabVm vm = lab.create(name, 40, name.hashCode(), capacityBytes);
        add(vm);
        return vm;
    }

    final void add(LabVm vm) throws IOException {
        app.get(MachineCatalog.class)
                .add(
                        vm.name(),
                        vm.diskKeys().stream()
                                .map(key ->
                                        new MachineCatalog.DiskPair(vm.ref(key).text(), Optional.empty()))
                                .toList());
    }

    final Machine machine(LabVm vm) {
        return app.get(MachineCatalog.class).show(vm.name());
    }

    final Volume volume(LabVm vm) {
        return volume(machine(vm).disks().get(0));
    }

    final Volume volume(MachineDisk disk) {
        VolumeId id = disk.target().flatMap(TargetRef::volume).orElseThrow();
        return volumes.volume(id).orElseThrow();
    }

    /** Exports a volume as a job does that then dies. */
    final NbdUri exported(VolumeId id) {
        VolumeExport export =
                perform(new VolumeRequest.Export(id, false)).export().orElseThrow();
        return NbdUri.parse(export.uri().orElseThrow());
    }

    final Operation perform(VolumeRequest request) {
        return volumes.perform(UUID.randomUUID().toString(), request, PATIENCE);
    }

    final VerificationResult verify(LabVm vm) throws Exception {
        return app.get(Verifications.class).start(vm.name(), 100, 42).result();
    }

    final List<String> codes(ReplicationResult result) {
        return app.get(Replications.class).events(result.jobId(), 0).stream()
                .map(JobEvent::code)
                .toList();
    }

    final Path image(LabVm vm, DiskKey key) throws IOException {
        int index = vm.diskKeys().indexOf(key);
        Volume volume = volume(machine(vm).disks().get(index));
        return Path.of(volume.attachment().orElseThrow().devicePath().orElseThrow())
                .toRealPath();
    }

    final List<DiskKey> differences(LabVm vm) throws IOException {
        return vm.diskKeys().stream().filter(key -> differs(vm, key)).toList();
    }

    private boolean differs(LabVm vm, DiskKey key) {
        try {
            return Images.mismatch(vm.image(key), image(vm, key)) >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String end(String contextId) {
        return contextId.substring(contextId.length() - 8);
    }
}
