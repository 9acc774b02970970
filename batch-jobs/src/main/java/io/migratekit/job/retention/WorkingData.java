package io.migratekit.job.retention;

import io.migratekit.job.replication.ReplicationEngine;
import io.migratekit.job.verification.VerificationEngine;
import java.util.List;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a replication needs to go on: change maps, ranges, and Batch's executions with the cursors. Of no use from the
 * moment at which its job is final; no job leaves that state again, so nobody needs to be locked out.
 */
final class WorkingData {
    private static final String FINAL = "('completed', 'superseded')";

    /** A segment has up to some hundred KiB. */
    private static final int SEGMENTS_PER_BATCH = 64;

    private static final int JOBS_PER_BATCH = 10;

    private final JdbcClient sql;
    private final JobRepository repository;

    WorkingData(JdbcClient sql, JobRepository repository) {
        this.sql = sql;
        this.repository = repository;
    }

    private record Segment(String jobId, String diskKey, int mapGeneration, long fromBytes) {}

    boolean deleteMaps() {
        List<Segment> useless = sql.sql("SELECT s.job_id, s.disk_key, s.map_generation, s.from_bytes"
                        + " FROM change_map_segments s JOIN replication_jobs j ON j.id = s.job_id"
                        + " WHERE j.status IN " + FINAL + " LIMIT ?")
                .param(SEGMENTS_PER_BATCH)
                .query((row, number) -> new Segment(row.getString(1), row.getString(2), row.getInt(3), row.getLong(4)))
                .list();
        useless.forEach(segment -> sql.sql("DELETE FROM change_map_segments"
                        + " WHERE job_id = ? AND disk_key = ? AND map_generation = ? AND from_bytes = ?")
                .params(segment.jobId(), segment.diskKey(), segment.mapGeneration(), segment.fromBytes())
                .update());
        return useless.size() == SEGMENTS_PER_BATCH;
    }

    boolean deleteRanges() {
        List<String> jobs = sql.sql("SELECT DISTINCT r.job_id FROM replication_ranges r"
                        + " JOIN replication_jobs j ON j.id = r.job_id WHERE j.status IN " + FINAL + " LIMIT ?")
                .param(JOBS_PER_BATCH)
                .query(String.class)
                .list();
        jobs.forEach(id -> sql.sql("DELETE FROM replication_ranges WHERE job_id = ?")
                .param(id)
                .update());
        return jobs.size() == JOBS_PER_BATCH;
    }

    /**
     * Also those of jobs that the ledger no longer knows, since their machine was removed; of other jobs than replications
     * and verifications none, since their ledgers are not known here. Each is one transaction.
     */
    boolean deleteExecutions() {
        List<Long> instances = sql.sql("SELECT DISTINCT e.JOB_INSTANCE_ID FROM BATCH_JOB_EXECUTION e"
                        + " JOIN BATCH_JOB_INSTANCE i ON i.JOB_INSTANCE_ID = e.JOB_INSTANCE_ID"
                        + " JOIN BATCH_JOB_EXECUTION_PARAMS p ON p.JOB_EXECUTION_ID = e.JOB_EXECUTION_ID"
                        + " LEFT JOIN replication_jobs r ON r.id = p.PARAMETER_VALUE"
                        + " LEFT JOIN verification_jobs v ON v.id = p.PARAMETER_VALUE"
                        + " WHERE i.JOB_NAME IN (?, ?) AND p.PARAMETER_NAME = 'jobId' AND (r.id IS NULL OR r.status IN "
                        + FINAL + ")"
                        + " AND (v.id IS NULL OR v.status <> 'verifying') LIMIT ?")
                .params(ReplicationEngine.JOB, VerificationEngine.JOB, JOBS_PER_BATCH)
                .query(Long.class)
                .list();
        for (Long id : instances) {
            JobInstance instance = repository.getJobInstance(id);
            if (instance != null) { // another process was not faster
                repository.deleteJobInstance(instance);
            }
        }
        return instances.size() == JOBS_PER_BATCH;
    }
}
