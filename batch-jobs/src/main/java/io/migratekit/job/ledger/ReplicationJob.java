package io.migratekit.job.ledger;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.JobStatus;
import io.migratekit.job.Mode;
import io.migratekit.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A replication as the database has it.
 *
 * @param id our job id
 * @param contextId the machine
 * @param machineName what people call the machine
 * @param options what was asked for
 * @param status where it stands
 * @param operation what it does now, for people
 * @param batchExecutionId its last execution by Batch
 * @param restarts how often it was started again
 * @param snapshot the source's snapshot, if there is one
 * @param snapshotGeneration grows when a lost snapshot had to be replaced
 * @param counters how far it is
 * @param percent of what there is to do, 0 to 100
 * @param error why it is not complete, or what is left to do
 * @param errorKind simple name of the {@link io.migratekit.job.JobException} that ended it
 * @param createdAt when it was asked for
 * @param startedAt when it first began
 * @param completedAt when it last ended
 */
public record ReplicationJob(
        String id,
        String contextId,
        String machineName,
        Options options,
        JobStatus status,
        Optional<String> operation,
        OptionalLong batchExecutionId,
        int restarts,
        Optional<String> snapshot,
        int snapshotGeneration,
        Counters counters,
        double percent,
        Optional<String> error,
        Optional<String> errorKind,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> completedAt) {

    /** Names of our snapshots begin with it; the id of their job follows. */
    public static final String SNAPSHOT_PREFIX = "migratekit-";

    /** References to snapshots that are none: such a source is read as it stands. */
    private static final String AS_IT_STANDS = "as-it-stands:";

    /** Returns the name of the snapshot that it has at its source; empty if there is none to be removed. */
    public Optional<String> snapshotLeft() {
        return snapshot.filter(reference -> !reference.startsWith(AS_IT_STANDS)).map(reference -> SNAPSHOT_PREFIX + id);
    }

    /**
     * What was asked for.
     *
     * @param mode how much
     * @param fallback what to do when incremental is not possible
     * @param targetIsZero the operator says that every byte of the targets is zero
     * @param unsafeTarget the operator accepts targets that offer no FLUSH
     */
    public record Options(Mode mode, Fallback fallback, boolean targetIsZero, boolean unsafeTarget) {}

    /**
     * How far it is, in bytes.
     *
     * @param totalBytes capacity of all disks
     * @param plannedBytes what has to be read
     * @param copiedBytes written as data
     * @param zeroedBytes written as zeroes
     * @param skippedBytes known to be right already: unchanged, or zero on a zero target
     * @param recopiedBytes copied again after restarts, at most
     * @param bytesPerSecond speed of the last seconds
     * @param copyMillis from the first read to the last flush and commit, all starts together
     * @param commitMillis waiting for flushes and the job repository, averaged over ranges
     */
    public record Counters(
            long totalBytes,
            long plannedBytes,
            long copiedBytes,
            long zeroedBytes,
            long skippedBytes,
            long recopiedBytes,
            long bytesPerSecond,
            long copyMillis,
            long commitMillis) {

        /** Nothing yet. */
        public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    static ReplicationJob of(ResultSet row, int number) throws SQLException {
        long execution = row.getLong("batch_execution_id");
        boolean noExecution = row.wasNull();
        return new ReplicationJob(
                row.getString("id"),
                row.getString("vm_context_id"),
                row.getString("source_vm_name"),
                new Options(
                        Mode.of(row.getString("replication_type")),
                        Fallback.valueOf(row.getString("fallback_policy").toUpperCase(Locale.ROOT)),
                        row.getBoolean("destination_is_zero"),
                        row.getBoolean("unsafe_target")),
                JobStatus.of(row.getString("status")),
                Optional.ofNullable(row.getString("current_operation")),
                noExecution ? OptionalLong.empty() : OptionalLong.of(execution),
                row.getInt("restarts"),
                Optional.ofNullable(row.getString("snapshot_id")),
                row.getInt("snapshot_generation"),
                countersOf(row),
                row.getDouble("progress_percent"),
                Optional.ofNullable(row.getString("error_message")),
                Optional.ofNullable(row.getString("error_kind")),
                SqlTime.instant(row, "created_at"),
                SqlTime.optionalInstant(row, "started_at"),
                SqlTime.optionalInstant(row, "completed_at"));
    }

    private static Counters countersOf(ResultSet row) throws SQLException {
        return new Counters(
                row.getLong("total_bytes"),
                row.getLong("planned_bytes"),
                row.getLong("bytes_transferred"),
                row.getLong("bytes_zeroed"),
                row.getLong("bytes_skipped"),
                row.getLong("bytes_recopied"),
                row.getLong("transfer_speed_bps"),
                row.getLong("copy_millis"),
                row.getLong("commit_millis"));
    }
}
