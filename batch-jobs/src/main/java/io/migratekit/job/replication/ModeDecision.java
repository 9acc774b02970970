package io.migratekit.job.replication;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.JobException;
import io.migratekit.job.Mode;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceSnapshot;
import java.io.IOException;
import java.util.Optional;

/** Decides whether a disk is copied in full or incrementally, and says why. */
final class ModeDecision {
    private final JobLog jobLog;

    ModeDecision(JobLog jobLog) {
        this.jobLog = jobLog;
    }

    /**
     * A decision.
     *
     * @param mode FULL or INCREMENTAL
     * @param reason why, for people
     * @param since what an incremental replication goes on from
     */
    record Decided(Mode mode, String reason, Optional<ChangeId> since) {

        static Decided full(String reason) {
            return new Decided(Mode.FULL, reason, Optional.empty());
        }

        /** The same, with what it reads. */
        Decided reading(String words) {
            return new Decided(mode, reason + "; " + words, since);
        }
    }

    /**
     * Decides for one disk.
     *
     * @param targetGone why the target no longer holds the last restore point, if it does not
     * @throws JobException.NeedsDecision if incremental is impossible and the policy is to ask
     * @throws JobException.Failed if incremental is impossible and the policy is to fail
     */
    Decided decide(
            ReplicationRun run,
            MachineDisk disk,
            SourceDisk now,
            SourceSnapshot snapshot,
            long targetSizeBytes,
            Optional<String> targetGone)
            throws IOException {
        Mode asked = run.options().mode();
        if (asked == Mode.FULL) {
            return Decided.full("a full replication was asked for");
        }
        if (disk.changeId().isEmpty() && !disk.targetLost() && asked == Mode.AUTO) {
            return Decided.full(
                    disk.capacityBytes().isEmpty()
                            ? "the disk has no restore point yet"
                            : "the source keeps no change ids, so it cannot tell what changed");
        }
        Optional<String> obstacle =
                targetGone.isPresent() ? targetGone : obstacle(disk, now, snapshot, targetSizeBytes);
        if (obstacle.isEmpty()) {
            ChangeId since = disk.changeId().orElseThrow();
            return new Decided(Mode.INCREMENTAL, "changes since " + since + " are known", Optional.of(since));
        }
        return fallback(run, disk.key(), obstacle.get());
    }

    private static Optional<String> obstacle(
            MachineDisk disk, SourceDisk now, SourceSnapshot snapshot, long targetSizeBytes) throws IOException {
        if (disk.changeId().isEmpty() && disk.targetLost()) {
            return Optional.of("the target that held the last restore point was lost");
        }
        if (disk.changeId().isEmpty()) {
            return Optional.of("there is no earlier change id to go on from");
        }
        if (disk.capacityBytes().orElse(now.capacityBytes()) != now.capacityBytes()) {
            return Optional.of("the disk's size changed from %d to %d bytes"
                    .formatted(disk.capacityBytes().orElseThrow(), now.capacityBytes()));
        }
        if (disk.targetSizeBytes().orElse(targetSizeBytes) != targetSizeBytes) {
            return Optional.of("the target's size changed from %d to %d bytes, so it may be another volume"
                    .formatted(disk.targetSizeBytes().orElseThrow(), targetSizeBytes));
        }
        try {
            snapshot.changes(disk.key(), disk.changeId()).close();
            return Optional.empty();
        } catch (SourceException.ChangesUnknown e) {
            return Optional.of(Explain.message(e));
        }
    }

    /** Fails as {@link #decide} will if the copy has to be full for that reason, before anything is changed. */
    void refuseFallback(ReplicationRun run, MachineDisk disk, String obstacle) {
        if (run.options().mode() != Mode.FULL && run.options().fallback() != Fallback.AUTO) {
            fallback(run, disk.key(), obstacle);
        }
    }

    /**
     * Decides by the policy where incremental turned out to be impossible.
     *
     * @throws JobException.NeedsDecision if the policy is to ask
     * @throws JobException.Failed if the policy is to fail
     */
    Decided fallback(ReplicationRun run, DiskKey disk, String obstacle) {
        String title = run.machine().title() + " disk " + disk;
        return switch (run.options().fallback()) {
            case AUTO -> {
                jobLog.event(
                        run.jobId(),
                        JobEvent.Level.WARN,
                        "fallback",
                        "%s is copied in full: %s".formatted(title, obstacle));
                yield Decided.full(obstacle);
            }
            case ASK -> {
                jobLog.event(run.jobId(), JobEvent.Level.WARN, "fallback.needed", "%s: %s".formatted(title, obstacle));
                throw new JobException.NeedsDecision(
                        "%s cannot be replicated incrementally: %s. Start it with --mode full to copy it in full"
                                .formatted(title, obstacle));
            }
            case FAIL -> {
                jobLog.event(
                        run.jobId(), JobEvent.Level.ERROR, "fallback.refused", "%s: %s".formatted(title, obstacle));
                throw new JobException.Failed(
                        "%s cannot be replicated incrementally: %s. The fallback policy is 'fail'; start it with --mode full to copy it in full"
                                .formatted(title, obstacle));
            }
        };
    }
}
