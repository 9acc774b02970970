package io.migratekit.job.lease;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.job.JobException;
import io.migratekit.sql.DatabaseClock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives out leases. Safe for many threads and many processes on one database. */
public final class Leases {
    private final JdbcClient sql;
    private final DatabaseClock clock;
    private final ProcessIdentity self;
    private final Duration timeout;

    public Leases(JdbcClient sql, DatabaseClock clock, ProcessIdentity self, Duration timeout) {
        this.sql = sql;
        this.clock = clock;
        this.self = self;
        this.timeout = timeout;
    }

    /**
     * Takes the lease of a machine if it is free or its owner is dead or silent; of two at once, one gets it.
     *
     * @throws JobException.Busy naming owner, process, host and job, if somebody else has it
     */
    public Lease acquire(String contextId, String jobId) {
        for (int attempt = 0; attempt < 3; attempt++) {
            Optional<Row> found = row(contextId);
            if (found.isEmpty()) {
                if (insert(contextId, jobId)) {
                    return new Lease(contextId, 1, jobId);
                }
                continue; // somebody was faster: look at the row that is there now
            }
            Row row = found.get();
            if (row.held() && !dead(row)) {
                throw busy(row);
            }
            if (takeOver(contextId, jobId, row)) {
                return new Lease(contextId, row.epoch() + 1, jobId);
            }
        }
        throw busy(row(contextId).orElseThrow());
    }

    /** Says that the lease is held for another job of the same machine. */
    public Lease assign(Lease lease, String jobId) {
        sql.sql("UPDATE vm_leases SET job_id = ? WHERE vm_context_id = ? AND epoch = ?")
                .params(jobId, lease.contextId(), lease.epoch())
                .update();
        return new Lease(lease.contextId(), lease.epoch(), jobId);
    }

    /** Says that the owner lives. Returns false if the lease is lost: then nothing may be written any more. */
    public boolean renew(Lease lease) {
        return sql.sql("UPDATE vm_leases SET heartbeat_millis = ? WHERE vm_context_id = ? AND epoch = ? AND held = 1")
                        .params(clock.nowMillis(), lease.contextId(), lease.epoch())
                        .update()
                == 1;
    }

    /** Gives the lease back; no error if it is lost already. */
    public void release(Lease lease) {
        sql.sql("UPDATE vm_leases SET held = 0 WHERE vm_context_id = ? AND epoch = ?")
                .params(lease.contextId(), lease.epoch())
                .update();
    }

    /** Returns who holds the machine now, dead or alive. */
    public Optional<LeaseHolder> holder(String contextId) {
        return row(contextId)
                .filter(Row::held)
                .map(row -> new LeaseHolder(row.owner(), row.jobId(), row.epoch(), dead(row)));
    }

    private boolean dead(Row row) {
        return row.owner().deadBeside(self) || clock.nowMillis() - row.heartbeatMillis() > row.timeoutMillis();
    }

    private boolean insert(String contextId, String jobId) {
        try {
            sql.sql("INSERT INTO vm_leases (vm_context_id, epoch, held, owner_id, host, pid, process_start_millis,"
                            + " job_id, heartbeat_millis, timeout_millis) VALUES (?, 1, 1, ?, ?, ?, ?, ?, ?, ?)")
                    .params(contextId, self.ownerId(), self.host(), self.pid(), self.startMillis(), jobId)
                    .params(clock.nowMillis(), timeout.toMillis())
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private boolean takeOver(String contextId, String jobId, Row row) {
        return sql.sql("UPDATE vm_leases SET epoch = epoch + 1, held = 1, owner_id = ?, host = ?, pid = ?,"
                                + " process_start_millis = ?, job_id = ?, heartbeat_millis = ?, timeout_millis = ?"
                                + " WHERE vm_context_id = ? AND epoch = ? AND held = ? AND heartbeat_millis = ?")
                        .params(self.ownerId(), self.host(), self.pid(), self.startMillis(), jobId)
                        .params(clock.nowMillis(), timeout.toMillis())
                        .params(contextId, row.epoch(), row.held() ? 1 : 0, row.heartbeatMillis())
                        .update()
                == 1;
    }

    private JobException.Busy busy(Row row) {
        ProcessIdentity owner = row.owner();
        return new JobException.Busy(
                "job %s is at work on it in process %d on host %s; wait for it, or stop it with 'replicate stop %s'"
                        .formatted(row.jobId(), owner.pid(), owner.host(), row.jobId()),
                row.jobId(),
                owner.host(),
                owner.pid());
    }

    private Optional<Row> row(String contextId) {
        return sql.sql("SELECT * FROM vm_leases WHERE vm_context_id = ?")
                .param(contextId)
                .query(Row::of)
                .optional();
    }

    private record Row(
            ProcessIdentity owner, long epoch, boolean held, String jobId, long heartbeatMillis, long timeoutMillis) {

        static Row of(ResultSet row, int number) throws SQLException {
            return new Row(
                    new ProcessIdentity(
                            row.getString("owner_id"),
                            row.getString("host"),
                            row.getLong("pid"),
                            row.getLong("process_start_millis")),
                    row.getLong("epoch"),
                    row.getBoolean("held"),
                    row.getString("job_id"),
                    row.getLong("heartbeat_millis"),
                    row.getLong("timeout_millis"));
        }
    }
}
