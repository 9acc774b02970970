package io.migratekit.job.replication;

import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.extent.ByteRange;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.ChangeMapPlanner;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;

/**
 * Looks whether a target that nobody can tell from another one of its size still holds what was copied to it: blocks here
 * and there that have to be the same on both sides are compared. A disk that took its place differs in the first of them
 * that holds anything.
 */
final class SameContent {
    /** Short: what tells two disks apart does so anywhere, and a restart should read little. */
    private static final int BLOCK_BYTES_MIN = 4096;

    /** Blocks that are looked at: many disks are mostly zeros, and those say nothing. */
    private static final int BLOCKS_MAX = 256;

    /** Where the first partition of most disks begins. */
    private static final int HEADS_BYTES = 1 << 20;

    /** Blocks with anything in them that have to be the same before it is believed. */
    private static final int TELLING_MAX = 64;

    private final ExportProbe probe;
    private final ChangeMapPlanner planner;
    private final ReplicationDisks disks;
    private final RangeHistory history;
    private final RandomGenerator random;

    SameContent(
            ExportProbe probe,
            ChangeMapPlanner planner,
            ReplicationDisks disks,
            RangeHistory history,
            RandomGenerator random) {
        this.probe = probe;
        this.planner = planner;
        this.disks = disks;
        this.history = history;
        this.random = random;
    }

    /** Says why the target does not hold the restore point {@code since}, if what has not changed since then differs. */
    Optional<String> afterRestorePoint(
            ReplicationRun run, SourceSnapshot snapshot, DiskKey key, ChangeId since, long capacityBytes, Sides sides)
            throws IOException {
        ChangeMap changed;
        try (ChangeQuery query = snapshot.changes(key, Optional.of(since))) {
            changed = planner.plan(
                    capacityBytes,
                    ChangeMap.Rest.UNCHANGED,
                    query,
                    new HeldSegments(),
                    (describedBytes, dataBytes, pages) -> run.checkStop());
        }
        List<Long> same = new ArrayList<>();
        for (long offset : candidates(capacityBytes, sides.blockBytes())) {
            if (changed.bytes(Extent.Kind.DATA, offset, offset + sides.blockBytes()) == 0) {
                same.add(offset);
            }
        }
        return difference(sides, same, "the last restore point, although the source has not changed it since");
    }

    /** Says why the target does not hold what an earlier start has copied, if something before its cursors differs. */
    Optional<String> beforeCursors(ReplicationRun run, ReplicationDisk earlier, Sides sides) throws IOException {
        StepContext context = StepSynchronizationManager.getContext();
        if (context == null) {
            throw new IllegalStateException("cursors are read inside a step only");
        }
        List<ByteRange> planned = disks.ranges(run.jobId(), earlier.key(), earlier.mapGeneration());
        List<RangeCopyState> ranges = new ArrayList<>();
        for (int index = 0; index < planned.size(); index++) {
            ranges.add(new RangeCopyState(earlier, index, planned.get(index)));
        }
        history.load(context.getStepExecution(), ranges);
        List<Long> same = new ArrayList<>();
        for (long offset : candidates(earlier.capacityBytes(), sides.blockBytes())) {
            if (ranges.stream().anyMatch(range -> range.isBehind(offset, offset + sides.blockBytes()))) {
                same.add(offset);
            }
        }
        return difference(sides, same, "what this job has copied there");
    }

    /**
     * Both sides of a disk.
     *
     * @param source where the snapshot is read
     * @param target what is looked at
     * @param name what people call the target
     * @param blockBytes how much is read at once, a power of two that both take
     */
    record Sides(NbdUri source, NbdUri target, String name, int blockBytes) {

        static Sides of(DiskAccess source, Target target, ExportInfo from, ExportInfo to) {
            return new Sides(
                    source.uri(),
                    target.uri(),
                    target.ref().text(),
                    Math.max(BLOCK_BYTES_MIN, Math.max(from.blockBytesMin(), to.blockBytesMin())));
        }
    }

    private Optional<String> difference(Sides sides, List<Long> offsets, String what) throws IOException {
        OptionalLong at =
                probe.firstDifference(sides.source(), sides.target(), offsets, sides.blockBytes(), TELLING_MAX);
        return at.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "target %s does not hold %s (it differs within %d bytes from %d on): it is another disk, or somebody has written to it"
                                .formatted(sides.name(), what, sides.blockBytes(), at.getAsLong()));
    }

    /** The first blocks and the last one hold partition tables and file systems' heads; the others lie anywhere. */
    private List<Long> candidates(long capacityBytes, int blockBytes) {
        long blocks = capacityBytes / blockBytes;
        List<Long> offsets = new ArrayList<>();
        for (long block : new long[] {0, 1, HEADS_BYTES / blockBytes, blocks - 1}) {
            if (block >= 0 && block < blocks) {
                offsets.add(block * blockBytes);
            }
        }
        for (int i = 0; i < BLOCKS_MAX && blocks > 0; i++) {
            offsets.add(random.nextLong(blocks) * blockBytes);
        }
        return offsets;
    }
}
