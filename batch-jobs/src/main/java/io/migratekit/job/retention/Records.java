package io.migratekit.job.retention;

import io.migratekit.config.Jobs;
import io.migratekit.sql.SqlTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What people look up: jobs, steps, events, restore points, history. Deleted by age. */
final class Records {
    private static final int JOBS_PER_BATCH = 20;
    private static final int ROWS_PER_BATCH = 500;

    /**
     * A finished job that nothing leads to: it has no snapshot that is left to remove, is neither its machine's newest nor
     * the one behind its last restore point, and to each target that it wrote a younger job wrote too. The last one
     * that wrote to a target is what tells that a claim of zeroes is void.
     */
    private static final String REPLICATIONS = "SELECT j.id FROM replication_jobs j"
            + " JOIN vm_replication_contexts c ON c.context_id = j.vm_context_id"
            + " WHERE j.status IN ('completed', 'superseded') AND j.updated_at < ? AND j.snapshot_id IS NULL"
            + " AND (c.current_job_id IS NULL OR c.current_job_id <> j.id)"
            + " AND (c.last_successful_job_id IS NULL OR c.last_successful_job_id <> j.id)"
            + " AND NOT EXISTS (SELECT 1 FROM replication_disks d WHERE d.job_id = j.id AND d.state <> 'prepared'"
            + " AND NOT EXISTS (SELECT 1 FROM replication_disks n JOIN replication_jobs y ON y.id = n.job_id"
            + " WHERE n.target_ref = d.target_ref AND n.state <> 'prepared' AND y.seq > j.seq))"
            + " ORDER BY j.seq LIMIT ?";

    private static final String JOBLOG =
            "SELECT t.id FROM job_tracking t WHERE t.status <> 'running' AND t.updated_at < ?"
                    + " AND NOT EXISTS (SELECT 1 FROM replication_jobs r WHERE r.id = t.id)"
                    + " AND NOT EXISTS (SELECT 1 FROM verification_jobs v WHERE v.id = t.id) ORDER BY t.seq LIMIT ?";

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Jobs settings;

    Records(JdbcClient sql, TransactionTemplate transaction, Clock clock, Jobs settings) {
        this.sql = sql;
        this.transaction = transaction;
        this.clock = clock;
        this.settings = settings;
    }

    boolean deleteReplications() {
        List<String> old = ids(REPLICATIONS, settings.keep(), JOBS_PER_BATCH);
        old.forEach(id ->
                sql.sql("DELETE FROM replication_jobs WHERE id = ?").param(id).update());
        return old.size() == JOBS_PER_BATCH;
    }

    boolean deleteVerifications() {
        List<String> old = ids(
                "SELECT id FROM verification_jobs WHERE status <> 'verifying' AND updated_at < ? ORDER BY seq LIMIT ?",
                settings.keep(),
                JOBS_PER_BATCH);
        old.forEach(id ->
                sql.sql("DELETE FROM verification_jobs WHERE id = ?").param(id).update());
        return old.size() == JOBS_PER_BATCH;
    }

    /** What the joblog says of jobs that are in no other table any more. */
    boolean deleteJoblog() {
        List<String> old = ids(JOBLOG, settings.keep(), JOBS_PER_BATCH);
        old.forEach(id -> transaction.executeWithoutResult(status -> {
            sql.sql("DELETE FROM log_events WHERE job_id = ?").param(id).update();
            sql.sql("DELETE FROM job_tracking WHERE id = ?").param(id).update(); // and its steps
        }));
        return old.size() == JOBS_PER_BATCH;
    }

    /** Also of unfinished jobs: one that fails every night, and is gone on with, is a job for ever. */
    boolean deleteEvents() {
        return deleteRows("log_events", "SELECT id FROM log_events WHERE ts < ? ORDER BY ts LIMIT ?", settings.keep());
    }

    boolean deleteRestorePoints() {
        return deleteRows(
                "restore_points",
                "SELECT p.id FROM restore_points p WHERE p.created_at < ? AND EXISTS (SELECT 1 FROM restore_points y"
                        + " WHERE y.vm_context_id = p.vm_context_id AND y.id > p.id) ORDER BY p.id LIMIT ?",
                settings.keepHistory());
    }

    boolean deleteHistory() {
        return deleteRows(
                "cbt_history",
                "SELECT h.id FROM cbt_history h WHERE h.created_at < ? AND EXISTS (SELECT 1 FROM cbt_history y"
                        + " WHERE y.vm_context_id = h.vm_context_id AND y.disk_id = h.disk_id AND y.id > h.id)"
                        + " ORDER BY h.id LIMIT ?",
                settings.keepHistory());
    }

    private boolean deleteRows(String table, String which, Duration age) {
        List<Long> old = sql.sql(which)
                .params(before(age), ROWS_PER_BATCH)
                .query(Long.class)
                .list();
        if (!old.isEmpty()) {
            sql.sql("DELETE FROM " + table + " WHERE id IN (:ids)")
                    .param("ids", old)
                    .update();
        }
        return old.size() == ROWS_PER_BATCH;
    }

    private List<String> ids(String which, Duration age, int countMax) {
        return sql.sql(which).params(before(age), countMax).query(String.class).list();
    }

    private String before(Duration age) {
        return SqlTime.text(clock.instant().minus(age));
    }
}
