package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.job.TargetRef;
import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.ledger.Machine;
import io.migratekit.nbd.NbdUri;
import io.migratekit.source.DiskKey;
import io.migratekit.target.StopSignal;
import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the volume daemon for what a job writes to. Each opening is an export of its own epoch, which locks out whoever
 * wrote before; a job that is killed leaves its export behind, and the next one ends it.
 */
public final class TargetVolumes {
    private static final Logger LOG = LoggerFactory.getLogger(TargetVolumes.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** An embedded export that died with its daemon is away for about this long, and the time that one needs to start. */
    private static final Duration VIGIL = Duration.ofSeconds(2);

    private static final String LOCAL = "local";
    private static final int SECTOR_BYTES = VolumeRequest.SECTOR_BYTES;
    private static final int NAME_CHARACTERS_MAX = 150;

    private final Supplier<Volumes> volumes;
    private final JobLog jobLog;
    private final Duration timeout;
    private final DaemonVigil vigil;

    /**
     * Makes one.
     *
     * @param volumes the daemon; asked for only when a volume is needed
     * @param timeout how long an operation may take before the job gives up waiting for it
     */
    public TargetVolumes(Supplier<Volumes> volumes, JobLog jobLog, Duration timeout) {
        this.volumes = volumes;
        this.jobLog = jobLog;
        this.timeout = timeout;
        this.vigil = new DaemonVigil(volumes, VIGIL);
    }

    /**
     * A volume for a disk.
     *
     * @param ref what the disk's target is from now on
     * @param zero it has just been made where new volumes are known to read as zero
     */
    record Made(TargetRef ref, boolean zero) {}

    /**
     * Makes the volume of a disk. One that an earlier start of the job made, and could not say so any more, is found by
     * its name and owner.
     *
     * @throws StopRequested if the job is to stop; the operation goes on, and the next start finds what it made
     * @throws VolumeException if there is no room, or the back end refuses
     */
    Made make(Lease lease, Machine machine, DiskKey disk, long capacityBytes, StopSignal stop) throws IOException {
        String name = name(machine, disk);
        Optional<Volume> earlier = find(machine, name);
        if (earlier.isPresent()) {
            return new Made(TargetRef.of(earlier.get().id()), false);
        }
        long sizeBytes = (capacityBytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
        VolumeRequest request = new VolumeRequest.Create(name, sizeBytes, Optional.of(machine.contextId()));
        try {
            VolumeId made = perform(lease, disk, request, stop).volume();
            Volume volume = existing(made);
            event(
                    lease,
                    "volume.created",
                    "disk %s: volume '%s' (%s) of %d bytes at back end %s"
                            .formatted(disk, name, made, volume.sizeBytes(), volume.backend()));
            // A cloud may give storage that still holds what others left in it, so there the target is asked instead.
            return new Made(TargetRef.of(made), volume.backend().equals(LOCAL));
        } catch (VolumeException e) {
            Optional<Volume> meanwhile = find(machine, name);
            if (meanwhile.isEmpty()) {
                throw e;
            }
            return new Made(TargetRef.of(meanwhile.get().id()), false);
        }
    }

    /** Returns whether the daemon knows the volume. */
    boolean exists(VolumeId id) {
        return volumes.get().volume(id).isPresent();
    }

    /**
     * Attaches the volume to this appliance where it is attached to nobody, makes it as large as the disk, and exports it.
     *
     * @param capacityBytes what must fit, or 0 if it is only read
     * @param readOnly whether it is only read
     * @throws JobException.Refused if another VM has it
     */
    Target open(Lease lease, TargetRef ref, DiskKey disk, long capacityBytes, boolean readOnly, StopSignal stop)
            throws IOException {
        VolumeId id = ref.volume().orElseThrow();
        Volume volume = existing(id);
        Optional<Attachment> elsewhere = volume.attachment().filter(at -> at.mode() == ExportMode.FAILOVER);
        if (elsewhere.isPresent()) {
            throw JobException.Refused.unfit(
                    "disk %s: VM %s has volume '%s' (%s), so it cannot be %s; roll its failover back first"
                            .formatted(
                                    disk,
                                    elsewhere.get().vmId(),
                                    volume.name(),
                                    id,
                                    readOnly ? "compared" : "replicated to"));
        }
        if (volume.attachment().isEmpty()) {
            perform(lease, disk, new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false), stop);
            event(
                    lease,
                    "volume.attached",
                    "disk %s: volume '%s' (%s) to this appliance".formatted(disk, volume.name(), id));
        }
        if (volume.sizeBytes() < capacityBytes) {
            grow(lease, volume, disk, capacityBytes, stop);
        }
        Operation operation = perform(lease, disk, new VolumeRequest.Export(id, readOnly), stop);
        VolumeExport export = operation.export().orElseThrow(() -> lost(id));
        NbdUri uri = NbdUri.parse(export.uri().orElseThrow(() -> lost(id)));
        event(lease, "volume.exported", "disk %s: %s%s".formatted(disk, export.name(), readOnly ? ", read-only" : ""));
        String identity;
        try {
            identity = VolumeIdentity.of(existing(id));
        } catch (RuntimeException e) {
            close(lease, disk, export);
            throw e;
        }
        vigil.begin();
        return new Target(ref, uri, false, Optional.of(identity), () -> storage(volume), () -> {
            vigil.end();
            close(lease, disk, export);
        });
    }

    /** Tells what the daemon sees of the back end now; a job that has failed anyhow does without if it does not answer. */
    private Optional<String> storage(Volume volume) {
        String backend = "back end " + volume.backend();
        try {
            return volumes.get().health().checks().stream()
                    .filter(check -> check.name().equals(backend))
                    .findFirst()
                    .map(check -> "Volume '%s' (%s) lies at %s, %s"
                            .formatted(volume.name(), volume.id(), backend, check.detail()));
        } catch (VolumeException e) {
            LOG.warn("what room there is for volume {} cannot be told", volume.id(), e);
            return Optional.empty();
        }
    }

    private void grow(Lease lease, Volume volume, DiskKey disk, long capacityBytes, StopSignal stop)
            throws IOException {
        long sizeBytes = (capacityBytes + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
        if (volumes.get().export(volume.id()).isPresent()) {
            perform(lease, disk, new VolumeRequest.Unexport(volume.id()), stop); // left by a job that was killed
        }
        perform(lease, disk, new VolumeRequest.Resize(volume.id(), sizeBytes), stop);
        event(
                lease,
                "volume.grown",
                "disk %s: volume '%s' (%s) from %d to %d bytes, since its source has grown"
                        .formatted(disk, volume.name(), volume.id(), volume.sizeBytes(), sizeBytes));
    }

    /** Ends the export unless another one has taken its place. That it fails is no reason to call a copy failed. */
    private void close(Lease lease, DiskKey disk, VolumeExport export) {
        VolumeId id = export.name().volume();
        try {
            boolean ours = volumes.get()
                    .export(id)
                    .filter(now -> now.name().equals(export.name()))
                    .isPresent();
            if (ours) {
                volumes.get().perform(key(lease, disk), new VolumeRequest.Unexport(export.name()), timeout);
            }
        } catch (VolumeException e) {
            LOG.warn("export {} could not be ended", export.name(), e);
            jobLog.event(
                    lease.jobId(),
                    Level.WARN,
                    "export.leftover",
                    "disk %s: export %s could not be ended: %s. The next job on the volume ends it, or 'volume unexport %s'"
                            .formatted(disk, export.name(), e.getMessage(), id));
        }
    }

    /** Waits for an operation as long as nobody wants the job to stop. */
    private Operation perform(Lease lease, DiskKey disk, VolumeRequest request, StopSignal stop) throws IOException {
        Operation operation = volumes.get().submit(key(lease, disk), request);
        long waitedMillis = 0;
        while (!operation.status().ended()) {
            if (stop.stopping()) {
                throw new StopRequested();
            }
            if (waitedMillis > timeout.toMillis()) {
                throw new VolumeException(
                        VolumeException.Kind.BUSY,
                        "operation %s (%s) has not ended after %d s and goes on; look at it with 'volume operations', then restart the job"
                                .formatted(operation.id(), request.type(), timeout.toSeconds()));
            }
            operation = volumes.get().await(operation.id(), LOOK);
            waitedMillis += LOOK.toMillis();
        }
        if (operation.status() == OperationStatus.FAILED) {
            VolumeException.Kind failure = operation.failure();
            throw new VolumeException(
                    failure == null ? VolumeException.Kind.FAILED : failure,
                    operation.error().orElse("operation %s failed".formatted(operation.id())));
        }
        return operation;
    }

    private Optional<Volume> find(Machine machine, String name) {
        return volumes.get().volumesOf(machine.contextId()).stream()
                .filter(volume -> volume.name().equals(name))
                .findFirst();
    }

    private Volume existing(VolumeId id) {
        return volumes.get()
                .volume(id)
                .orElseThrow(() -> new JobException.NoSuch(
                        "there is no volume %s; 'volume list' shows those that are there".formatted(id)));
    }

    private void event(Lease lease, String code, String text) {
        jobLog.event(lease.jobId(), Level.INFO, code, text);
    }

    private static VolumeException lost(VolumeId id) {
        return new VolumeException(
                VolumeException.Kind.FAILED,
                "volume %s was exported, but the daemon does not say where; restart the job".formatted(id));
    }

    /** One per request: what a job asks for again after a restart is another epoch, never an answer of before. */
    private static String key(Lease lease, DiskKey disk) {
        return "%s/%s/%s".formatted(lease.jobId(), disk, UUID.randomUUID());
    }

    /** Unique to the disk, and the same at each start. */
    private static String name(Machine machine, DiskKey disk) {
        String vm = machine.name();
        int end = Math.min(vm.length(), NAME_CHARACTERS_MAX);
        if (end < vm.length() && Character.isHighSurrogate(vm.charAt(end - 1))) {
            end--;
        }
        String owner = machine.contextId();
        return "%s-disk-%s-%s".formatted(vm.substring(0, end), disk, owner.substring(Math.max(0, owner.length() - 8)));
    }
}
