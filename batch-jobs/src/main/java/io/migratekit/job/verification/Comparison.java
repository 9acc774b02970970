package io.migratekit.job.verification;

import io.migratekit.job.JobException;
import io.migratekit.job.TargetRef;
import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.job.replication.CopyEvents;
import io.migratekit.job.replication.HeldSegments;
import io.migratekit.job.replication.Target;
import io.migratekit.job.replication.Targets;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceMachines;
import io.migratekit.source.SourceRef;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.extent.ByteRange;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.ChangeMapPlanner;
import io.migratekit.target.CopyProgress;
import io.migratekit.target.CopySettings;
import io.migratekit.target.ExtentComparer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Compares all disks of a machine with their targets. The source's moment is a snapshot of its own, taken now; what
 * changed since the last restore point is left out, since the target cannot have it yet.
 */
final class Comparison {
    private static final String SNAPSHOT_PREFIX = "migratekit-";

    private final SourceMachines sources;
    private final Targets targets;
    private final ChangeMapPlanner planner;
    private final CopySettings settings;
    private final JobLog jobLog;

    Comparison(
            SourceMachines sources, Targets targets, ChangeMapPlanner planner, CopySettings settings, JobLog jobLog) {
        this.sources = sources;
        this.targets = targets;
        this.planner = planner;
        this.settings = settings;
        this.jobLog = jobLog;
    }

    void compare(VerificationRun run) throws IOException {
        Map<DiskKey, SourceRef> references = new LinkedHashMap<>();
        run.machine().disks().forEach(disk -> references.put(disk.key(), disk.source()));
        try (SourceMachine source = sources.open(run.machine().name(), references)) {
            SourceSnapshot snapshot =
                    source.takeSnapshot(SNAPSHOT_PREFIX + run.lease().jobId());
            try {
                compare(run, snapshot);
            } finally {
                remove(run, snapshot);
            }
        }
    }

    private void compare(VerificationRun run, SourceSnapshot snapshot) throws IOException {
        Map<DiskKey, Optional<ChangeMap>> changes = new LinkedHashMap<>();
        Map<DiskKey, SourceDisk> disks = new LinkedHashMap<>();
        for (SourceDisk disk : snapshot.disks()) {
            disks.put(disk.key(), disk);
        }
        for (MachineDisk disk : run.machine().disks()) {
            SourceDisk now = Optional.ofNullable(disks.get(disk.key()))
                    .orElseThrow(() -> new JobException.NoSuch(
                            "%s has no disk %s at its source any more; 'vm show' names the disks that it was added with. Bring the disk back, or remove the VM and add it anew"
                                    .formatted(run.machine().title(), disk.key())));
            changes.put(disk.key(), changes(run, snapshot, disk, now));
            run.findings().begins(now.capacityBytes());
        }
        for (MachineDisk disk : run.machine().disks()) {
            SourceDisk now = disks.get(disk.key());
            Optional<ChangeMap> changed = changes.get(disk.key());
            if (now != null && changed != null) {
                compare(run, snapshot, disk, now.capacityBytes(), changed);
            }
        }
    }

    private void compare(
            VerificationRun run,
            SourceSnapshot snapshot,
            MachineDisk disk,
            long capacityBytes,
            Optional<ChangeMap> changed)
            throws IOException {
        List<ByteRange> parts = run.sample().of(capacityBytes);
        if (parts.isEmpty() || run.stopping()) {
            return;
        }
        try (DiskAccess source = snapshot.open(disk.key());
                Target target = targets.openForReading(run.lease(), disk.key(), target(run, disk), run)) {
            ExtentComparer.compare(
                    source.uri(),
                    source.upstream(),
                    target.uri(),
                    parts,
                    settings,
                    new CopyProgress(new CopyEvents(
                            jobLog, run.lease().jobId(), UnaryOperator.identity(), "disk " + disk.key())),
                    run.findings().of(disk.key().text(), changed),
                    run);
        }
    }

    /**
     * Returns what changed since the last restore point; empty for a source that stands still, and for one that cannot
     * tell what changed since from what changed before: leaving that out would hide damage to what a replication copied.
     */
    private Optional<ChangeMap> changes(VerificationRun run, SourceSnapshot snapshot, MachineDisk disk, SourceDisk now)
            throws IOException {
        if (disk.changeId().isEmpty()) {
            return Optional.empty();
        }
        if (snapshot.accumulates(disk.key())) {
            jobLog.event(
                    run.lease().jobId(),
                    Level.INFO,
                    "compared.whole",
                    "disk %s: its source cannot tell what changed since the last restore point alone, so all of it is compared; writes since then show up as differences"
                            .formatted(disk.key()));
            return Optional.empty();
        }
        if (disk.capacityBytes().orElse(now.capacityBytes()) != now.capacityBytes()) {
            throw new JobException.Failed(
                    "disk %s of %s changed its size since the last restore point; replicate it first"
                            .formatted(disk.key(), run.machine().title()));
        }
        try (ChangeQuery query = snapshot.changes(disk.key(), disk.changeId())) {
            return Optional.of(planner.plan(
                    now.capacityBytes(),
                    ChangeMap.Rest.UNCHANGED,
                    query,
                    new HeldSegments(),
                    (describedBytes, dataBytes, pages) -> {
                        if (run.stopping()) {
                            throw new IOException("stopped on request");
                        }
                    }));
        } catch (SourceException.ChangesUnknown e) {
            throw new JobException.Failed(
                    "disk %s of %s cannot be verified: what changed since the last restore point is unknown (%s). Replicate it first"
                            .formatted(disk.key(), run.machine().title(), e.getMessage()),
                    e);
        }
    }

    private static TargetRef target(VerificationRun run, MachineDisk disk) {
        return disk.target()
                .orElseThrow(() -> new JobException.Failed("disk %s of %s has no target yet; replicate it first"
                        .formatted(disk.key(), run.machine().title())));
    }

    private void remove(VerificationRun run, SourceSnapshot snapshot) {
        try {
            snapshot.remove();
        } catch (IOException | RuntimeException e) { // what ended the comparison must not be hidden by this
            jobLog.event(
                    run.lease().jobId(),
                    Level.WARN,
                    "snapshot.leftover",
                    "snapshot %s could not be removed: %s. The next replication tries again"
                            .formatted(snapshot.name(), e.getMessage()));
        }
    }
}
