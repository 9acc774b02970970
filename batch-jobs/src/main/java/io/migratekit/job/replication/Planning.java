package io.migratekit.job.replication;

import io.migratekit.job.Mode;
import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.ledger.ChangeMaps;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.ledger.ReplicationDisk.State;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.extent.ByteRange;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.ChangeMapPlanner;
import io.migratekit.source.extent.ChangeMapSegments;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.util.List;
import org.springframework.dao.DataAccessException;

/**
 * The second step: stores what has to be copied of each disk, proven to cover it. A restart plans only the disks that
 * were not planned to their end.
 */
final class Planning {
    private final ChangeMapPlanner planner;
    private final ChangeMaps maps;
    private final ReplicationDisks disks;
    private final ModeDecision modes;
    private final JobLog jobLog;

    Planning(ChangeMapPlanner planner, ChangeMaps maps, ReplicationDisks disks, ModeDecision modes, JobLog jobLog) {
        this.planner = planner;
        this.maps = maps;
        this.disks = disks;
        this.modes = modes;
        this.jobLog = jobLog;
    }

    void plan(ReplicationRun run) throws IOException {
        for (DiskCopy disk : run.disks()) {
            run.checkStop();
            if (disk.disk().state() == State.PREPARED) {
                planOrFallBack(run, disk.disk());
            }
            load(run, disk);
        }
    }

    /** The source may tell only in the middle of its answer that it does not know; nothing is copied by then. */
    private void planOrFallBack(ReplicationRun run, ReplicationDisk disk) throws IOException {
        try {
            plan(run, disk);
        } catch (SourceException.ChangesUnknown e) {
            if (disk.mode() != Mode.INCREMENTAL) {
                throw e;
            }
            ModeDecision.Decided instead = modes.fallback(run, disk.key(), Explain.message(e));
            ReplicationDisk full = disk.instead(instead.mode(), instead.reason());
            disks.prepare(run.lease(), full); // what was stored of the incremental map goes with its row
            plan(run, full);
        }
    }

    /**
     * Reads all that is stored of a plan. A map that is damaged says nothing of what is still to be copied; a new one is as
     * good as it was.
     *
     * @throws PlanLost if it is damaged
     * @throws IOException if the database is away, which says nothing of the map
     */
    static void check(ReplicationDisk planned, ChangeMapSegments stored) throws IOException {
        try {
            new ChangeMap(planned.capacityBytes(), planned.rest().orElseThrow(), stored).check();
        } catch (IOException e) {
            if (e.getCause() instanceof DataAccessException) {
                throw e;
            }
            throw PlanLost.map("disk %s: %s".formatted(planned.key(), Explain.message(e)), e);
        }
    }

    private void plan(ReplicationRun run, ReplicationDisk disk) throws IOException {
        ChangeMap.Rest rest = disk.mode() == Mode.FULL ? ChangeMap.Rest.ZERO : ChangeMap.Rest.UNCHANGED;
        SourceSnapshot snapshot = run.snapshot().orElseThrow();
        ChangeMapSegments segments = maps.of(run.lease(), disk.key(), disk.mapGeneration());
        try (ChangeQuery query = snapshot.changes(disk.key(), disk.since())) {
            ChangeMap map =
                    planner.plan(disk.capacityBytes(), rest, query, segments, (describedBytes, dataBytes, pages) -> {
                        run.checkStop();
                        run.phase("plan disk %s: %d pages, %d of %d bytes"
                                .formatted(disk.key(), pages, describedBytes, disk.capacityBytes()));
                    });
            long dataBytes = map.bytes(Extent.Kind.DATA, 0, disk.capacityBytes());
            List<ByteRange> ranges = map.split(disk.partitions());
            disks.planned(run.lease(), disk, rest, dataBytes, ranges);
            jobLog.event(
                    run.jobId(),
                    Level.INFO,
                    "planned",
                    "disk %s: %d of %d bytes have to be read, in %d ranges"
                            .formatted(disk.key(), dataBytes, disk.capacityBytes(), ranges.size()));
        }
        run.phase("plan");
    }

    /** Opens what is stored, so that a first start and a restart go the same way. */
    private void load(ReplicationRun run, DiskCopy copy) throws IOException {
        ReplicationDisk stored = disks.of(run.jobId()).stream()
                .filter(disk -> disk.key().equals(copy.disk().key()))
                .findFirst()
                .orElseThrow();
        ChangeMap map = new ChangeMap(
                stored.capacityBytes(),
                stored.rest().orElseThrow(),
                maps.of(run.lease(), stored.key(), stored.mapGeneration()));
        copy.planned(stored, map, disks.ranges(run.jobId(), stored.key(), stored.mapGeneration()));
    }
}
