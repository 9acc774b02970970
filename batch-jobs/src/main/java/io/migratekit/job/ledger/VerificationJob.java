package io.migratekit.job.ledger;

import io.migratekit.job.JobStatus;
import io.migratekit.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * A verification as the database has it.
 *
 * @param id our job id
 * @param contextId the machine
 * @param machineName what people call the machine
 * @param status where it stands; COMPLETED means that no difference was found
 * @param percent how much was asked for, above 0 to 100
 * @param seed which sample, below 100 percent
 * @param counters how far it is and what it found
 * @param error why it did not come to its end
 * @param createdAt when it was asked for
 * @param completedAt when it ended
 */
public record VerificationJob(
        String id,
        String contextId,
        String machineName,
        JobStatus status,
        double percent,
        long seed,
        Counters counters,
        Optional<String> error,
        Instant createdAt,
        Optional<Instant> completedAt) {

    /**
     * How far it is and what it found, in bytes.
     *
     * @param totalBytes capacity of all disks
     * @param comparedBytes read on both sides, or zero on both by the servers' word; without the excluded ones
     * @param excludedBytes of the sample left out: they changed at the source since the last restore point
     * @param differentBytes different although they should be the same
     * @param differences how many runs of such bytes
     */
    public record Counters(
            long totalBytes, long comparedBytes, long excludedBytes, long differentBytes, long differences) {}

    /**
     * A run of bytes that differs.
     *
     * @param diskKey the disk
     * @param offsetBytes where
     * @param lengthBytes how long
     */
    public record Difference(String diskKey, long offsetBytes, long lengthBytes) {}

    static VerificationJob of(ResultSet row, int number) throws SQLException {
        return new VerificationJob(
                row.getString("id"),
                row.getString("vm_context_id"),
                row.getString("source_vm_name"),
                JobStatus.of(row.getString("status")),
                row.getDouble("percent"),
                row.getLong("seed"),
                new Counters(
                        row.getLong("bytes_total"),
                        row.getLong("bytes_compared"),
                        row.getLong("bytes_excluded"),
                        row.getLong("bytes_different"),
                        row.getLong("differences")),
                Optional.ofNullable(row.getString("error_message")),
                SqlTime.instant(row, "created_at"),
                SqlTime.optionalInstant(row, "completed_at"));
    }
}
