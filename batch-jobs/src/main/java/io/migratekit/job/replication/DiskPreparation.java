package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.ledger.ChangeMaps;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.ledger.ReplicationDisk.State;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.target.CopyException;
import io.migratekit.target.CopyTask;
import io.migratekit.target.TargetCheck;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens both sides of one disk, checks that they fit, and decides how it is copied. */
final class DiskPreparation {
    private final Targets targets;
    private final TargetVolumes volumes;
    private final Machines machines;
    private final ExportProbe probe;
    private final SameContent content;
    private final ChangeMaps maps;
    private final ModeDecision modes;
    private final ReplicationDisks disks;
    private final JobLog jobLog;
    private final int partitionsPerDisk;

    DiskPreparation(
            Targets targets,
            TargetVolumes volumes,
            Machines machines,
            ExportProbe probe,
            SameContent content,
            ChangeMaps maps,
            ModeDecision modes,
            ReplicationDisks disks,
            JobLog jobLog,
            int partitionsPerDisk) {
        this.targets = targets;
        this.volumes = volumes;
        this.machines = machines;
        this.probe = probe;
        this.content = content;
        this.maps = maps;
        this.modes = modes;
        this.disks = disks;
        this.jobLog = jobLog;
        this.partitionsPerDisk = partitionsPerDisk;
    }

    /**
     * Prepares a disk.
     *
     * @param earlier what an earlier start decided for the same snapshot
     * @throws PlanLost if part of the copy was on another target, or on an image that is gone, or if its stored map is lost
     */
    DiskCopy prepare(
            ReplicationRun run,
            MachineDisk known,
            SourceDisk now,
            Snapshots.Held held,
            Optional<ReplicationDisk> earlier)
            throws IOException {
        boolean planned = earlier.isPresent() && earlier.get().state() != State.PREPARED;
        Optional<String> gone = targetGone(run, known, planned);
        Optional<TargetVolumes.Made> made = volume(run, known, now, gone.isPresent());
        MachineDisk disk = made.map(volume -> known.on(volume.ref())).orElse(known);
        TargetRef targetRef = disk.target().orElseThrow();
        DiskAccess source = held.snapshot().open(disk.key());
        Target target = null;
        try {
            target = targets.open(run.lease(), disk.key(), targetRef, now.capacityBytes(), run);
            Targets.store(targetRef).ifPresent(store -> machines.targetStore(run.lease(), disk.id(), store));
            if (made.filter(TargetVolumes.Made::zero).isPresent()) {
                target = target.made();
            }
            ExportInfo from = probe.info(source.uri());
            ExportInfo to = probe.info(target.uri());
            boolean unsafe = run.options().unsafeTarget();
            TargetCheck.check(new CopyTask(source.uri(), target.uri(), now.capacityBytes(), false, unsafe), from, to);
            ReplicationDisk decided = planned
                    ? sameAsBefore(
                            run, earlier.orElseThrow(), now, to, target, SameContent.Sides.of(source, target, from, to))
                    : decide(run, disk, now, held, source, target, from, to, gone.or(replaced(disk, target)));
            return new DiskCopy(decided, source, target, unsafe && !to.canFlush());
        } catch (CopyException.Refused e) {
            String names = target == null ? Explain.message(e) : named(Explain.message(e), disk, source, target);
            closeBoth(source, target);
            throw JobException.Refused.unfit(names, e);
        } catch (IOException | RuntimeException e) {
            closeBoth(source, target);
            throw e;
        }
    }

    private static void closeBoth(DiskAccess source, @Nullable Target target) {
        if (target != null) {
            target.close();
        }
        source.close();
    }

    /** Images are served at private sockets, which say nothing to a person. */
    private static String named(String message, MachineDisk disk, DiskAccess source, Target target) {
        return message.replace(source.uri().toString(), disk.source().text())
                .replace(target.uri().toString(), target.ref().text());
    }

    /** The operator's word is void where another moment's data may lie on the target already. */
    private boolean isBelievable(ReplicationRun run, MachineDisk disk, Snapshots.Held held) {
        boolean written =
                held.generation() > 0 || disks.writtenBefore(disk.target().orElseThrow(), run.jobId());
        if (written) {
            jobLog.event(
                    run.jobId(),
                    Level.WARN,
                    "zero-claim.void",
                    "disk %s: the target was written to before, so it is not taken to be zero on request; it is asked instead, and zeros are written where it cannot tell"
                            .formatted(disk.key()));
        }
        return !written;
    }

    private ReplicationDisk decide(
            ReplicationRun run,
            MachineDisk disk,
            SourceDisk now,
            Snapshots.Held held,
            DiskAccess source,
            Target target,
            ExportInfo from,
            ExportInfo to,
            Optional<String> gone)
            throws IOException {
        ModeDecision.Decided mode = modes.decide(run, disk, now, held.snapshot(), to.sizeBytes(), gone);
        if (mode.since().isPresent() && untold(disk.targetIdentity(), target)) {
            Optional<String> another = content.afterRestorePoint(
                    run,
                    held.snapshot(),
                    disk.key(),
                    mode.since().get(),
                    now.capacityBytes(),
                    SameContent.Sides.of(source, target, from, to));
            if (another.isPresent()) {
                mode = modes.decide(run, disk, now, held.snapshot(), to.sizeBytes(), another);
            }
        }
        mode = reading(mode, held.snapshot(), disk);
        boolean claimed = run.options().targetIsZero() && isBelievable(run, disk, held);
        boolean zero = mode.mode() == Mode.FULL && (target.fresh() || claimed || probe.allZero(target.uri()));
        ReplicationDisk decided = new ReplicationDisk(
                disk.id(),
                disk.key(),
                disk.source().text(),
                disk.target().orElseThrow(),
                State.PREPARED,
                mode.mode(),
                mode.reason(),
                now.capacityBytes(),
                to.sizeBytes(),
                target.identity(),
                zero,
                from.canMultiConn() && to.canMultiConn() ? Math.min(partitionsPerDisk, source.connectionsMax()) : 1,
                mode.since(),
                held.snapshot().changeId(disk.key()),
                held.generation(),
                Optional.empty(),
                0);
        disks.prepare(run.lease(), decided);
        jobLog.event(
                run.jobId(),
                Level.INFO,
                "mode",
                "disk %s: %s, since %s%s"
                        .formatted(
                                disk.key(),
                                mode.mode().text(),
                                mode.reason(),
                                zero ? "; the target is known to be zero" : ""));
        return decided;
    }

    /** Says with a full copy what it reads: that may be less than every byte, and then people should know why. */
    private static ModeDecision.Decided reading(ModeDecision.Decided decided, SourceSnapshot snapshot, MachineDisk disk)
            throws IOException {
        return decided.mode() == Mode.FULL
                ? snapshot.fullReading(disk.key()).map(decided::reading).orElse(decided)
                : decided;
    }

    /** Makes a volume for a disk that has no target, or whose volume is gone, and binds it before anything is written. */
    private Optional<TargetVolumes.Made> volume(ReplicationRun run, MachineDisk disk, SourceDisk now, boolean gone)
            throws IOException {
        boolean volumeGone = gone && disk.target().flatMap(TargetRef::volume).isPresent();
        if (disk.target().isPresent() && !volumeGone) {
            return Optional.empty();
        }
        TargetVolumes.Made made = volumes.make(run.lease(), run.machine(), disk.key(), now.capacityBytes(), run);
        machines.bindTarget(run.lease(), disk.id(), Optional.of(made.ref()));
        return Optional.of(made);
    }

    /**
     * Looks whether the target image or volume has vanished. One that we make anew is empty: neither a cursor nor an
     * earlier restore point may count any more, and the ledger must know that before it exists.
     */
    private Optional<String> targetGone(ReplicationRun run, MachineDisk disk, boolean planned) throws IOException {
        if (disk.target().filter(targets::missing).isEmpty()) {
            return Optional.empty();
        }
        TargetRef target = disk.target().orElseThrow();
        targets.checkPlace(target, run.options().mode() == Mode.FULL ? Optional.empty() : disk.targetStore());
        if (planned) {
            throw PlanLost.target("target %s is gone although part of the copy was on it".formatted(target));
        }
        if (disk.changeId().isEmpty() && target.volume().isEmpty()) {
            return Optional.empty();
        }
        String reason = "target %s is gone%s"
                .formatted(target, disk.changeId().isPresent() ? ", and with it the last restore point" : "");
        if (disk.changeId().isPresent()) {
            modes.refuseFallback(run, disk, reason);
        }
        disks.targetLost(run.lease(), disk.id());
        return Optional.of(reason);
    }

    private ReplicationDisk sameAsBefore(
            ReplicationRun run,
            ReplicationDisk earlier,
            SourceDisk now,
            ExportInfo to,
            Target target,
            SameContent.Sides sides)
            throws IOException {
        if (now.capacityBytes() != earlier.capacityBytes()) {
            throw JobException.Refused.unfit(
                    "disk %s has %d bytes now and had %d when the copy began; start a new replication with --mode full"
                            .formatted(earlier.key(), now.capacityBytes(), earlier.capacityBytes()));
        }
        if (to.sizeBytes() != earlier.targetSizeBytes()) {
            throw PlanLost.target("target %s has %d bytes now and had %d when the copy began"
                    .formatted(earlier.target(), to.sizeBytes(), earlier.targetSizeBytes()));
        }
        if (differ(earlier.targetIdentity(), target.identity())) {
            throw PlanLost.target(
                    "target %s is another one than when the copy began, or was put back or given to a VM meanwhile"
                            .formatted(target.ref()));
        }
        Planning.check(earlier, maps.of(run.lease(), earlier.key(), earlier.mapGeneration()));
        if (untold(earlier.targetIdentity(), target)) {
            Optional<String> another = content.beforeCursors(run, earlier, sides);
            if (another.isPresent()) {
                throw PlanLost.target(another.get());
            }
        }
        return earlier;
    }

    /** Says why the target does not hold the last restore point, although name and size are the same. */
    private static Supplier<Optional<String>> replaced(MachineDisk disk, Target target) {
        return () -> differ(disk.targetIdentity(), target.identity())
                ? Optional.of(
                        "target %s is another one than at the last restore point, or was put back or given to a VM since"
                                .formatted(target.ref()))
                : Optional.empty();
    }

    /** Tells whether nothing says that the target is the same as before; then its content has to. */
    private static boolean untold(Optional<String> before, Target now) {
        return before.isEmpty() || now.identity().isEmpty();
    }

    private static boolean differ(Optional<String> before, Optional<String> now) {
        return before.isPresent() && now.isPresent() && !before.equals(now);
    }
}
