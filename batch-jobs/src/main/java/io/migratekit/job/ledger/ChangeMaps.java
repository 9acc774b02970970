package io.migratekit.job.ledger;

import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.Lease;
import io.migratekit.source.DiskKey;
import io.migratekit.source.extent.ChangeMapSegment;
import io.migratekit.source.extent.ChangeMapSegments;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Change maps in the database. */
public final class ChangeMaps {
    private final JdbcClient sql;
    private final FencedWrites fenced;

    public ChangeMaps(JdbcClient sql, FencedWrites fenced) {
        this.sql = sql;
        this.fenced = fenced;
    }

    /** Returns where the map of one disk of the lease's job is kept. */
    public ChangeMapSegments of(Lease lease, DiskKey key, int mapGeneration) {
        return new Stored(lease, key.text(), mapGeneration);
    }

    private final class Stored implements ChangeMapSegments {
        private final Lease lease;
        private final String key;
        private final int generation;

        private Stored(Lease lease, String key, int generation) {
            this.lease = lease;
            this.key = key;
            this.generation = generation;
        }

        @Override
        public void append(ChangeMapSegment segment) throws IOException {
            List<Summary> stored = summaries();
            long endBytes = stored.isEmpty() ? 0 : stored.get(stored.size() - 1).untilBytes();
            if (segment.fromBytes() != endBytes) {
                throw new IllegalArgumentException("a segment that begins at %d does not follow the map that ends at %d"
                        .formatted(segment.fromBytes(), endBytes));
            }
            asking(() -> {
                fenced.run(lease, () -> insert(segment));
                return true;
            });
        }

        private void insert(ChangeMapSegment segment) {
            sql.sql("INSERT INTO change_map_segments (job_id, disk_key, map_generation, from_bytes, until_bytes,"
                            + " block_bytes, data_bytes, blocks) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                    .params(lease.jobId(), key, generation, segment.fromBytes(), segment.untilBytes())
                    .params(segment.blockBytes(), segment.dataBytes(), segment.toBytes())
                    .update();
        }

        @Override
        public Optional<ChangeMapSegment> find(long fromBytes) throws IOException {
            Optional<byte[]> stored = asking(() -> sql.sql("SELECT blocks FROM change_map_segments"
                            + " WHERE job_id = ? AND disk_key = ? AND map_generation = ? AND from_bytes = ?")
                    .params(lease.jobId(), key, generation, fromBytes)
                    .query((row, number) -> row.getBytes(1))
                    .optional());
            return stored.isEmpty() ? Optional.empty() : Optional.of(ChangeMapSegment.ofBytes(stored.get()));
        }

        @Override
        public List<Summary> summaries() throws IOException {
            return asking(() -> sql.sql("SELECT from_bytes, until_bytes, data_bytes FROM change_map_segments"
                            + " WHERE job_id = ? AND disk_key = ? AND map_generation = ? ORDER BY from_bytes")
                    .params(lease.jobId(), key, generation)
                    .query((row, number) -> new Summary(row.getLong(1), row.getLong(2), row.getLong(3)))
                    .list());
        }

        @Override
        public void clear() throws IOException {
            asking(() -> {
                fenced.run(
                        lease,
                        () -> sql.sql("DELETE FROM change_map_segments"
                                        + " WHERE job_id = ? AND disk_key = ? AND map_generation = ?")
                                .params(lease.jobId(), key, generation)
                                .update());
                return true;
            });
        }

        private <T> T asking(Supplier<T> question) throws IOException {
            try {
                return question.get();
            } catch (DataAccessException e) {
                throw new IOException(
                        "the change map of disk %s cannot be kept in, or read from, the database. Run 'doctor', then restart the job"
                                .formatted(key),
                        e);
            }
        }
    }
}
