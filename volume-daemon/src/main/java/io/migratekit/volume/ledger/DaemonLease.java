package io.migratekit.volume.ledger;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.sql.DatabaseClock;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The right to be the one daemon of a database: a row with a heartbeat and an epoch that only grows. Of two daemons that
 * start at once, one gets it. Safe for many threads and processes.
 */
public final class DaemonLease {
    private static final int ROW = 1;

    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final DatabaseClock clock;
    private final ProcessIdentity self;
    private final Duration timeout;

    public DaemonLease(
            JdbcClient sql,
            TransactionTemplate transaction,
            DatabaseClock clock,
            ProcessIdentity self,
            Duration timeout) {
        this.sql = sql;
        this.transaction = transaction;
        this.clock = clock;
        this.self = self;
        this.timeout = timeout;
    }

    /**
     * Which daemon there is.
     *
     * @param owner its process
     * @param endpoint where its HTTP API is; empty if it serves its own process alone
     * @param epoch of its lease
     */
    public record Holder(ProcessIdentity owner, Optional<String> endpoint, long epoch) {}

    /**
     * Becomes the daemon.
     *
     * @param endpoint where others will reach it
     * @return the epoch
     * @throws VolumeException of kind BUSY naming process and host, if another daemon lives
     */
    public long acquire(Optional<String> endpoint) {
        for (int attempt = 0; attempt < 3; attempt++) {
            Optional<Row> found = row();
            if (found.isEmpty()) {
                if (insert(endpoint)) {
                    return 1;
                }
                continue; // another was faster: look at the row that is there now
            }
            Row row = found.get();
            if (row.held() && !dead(row)) {
                throw busy(row);
            }
            if (takeOver(row, endpoint)) {
                return row.epoch() + 1;
            }
        }
        throw busy(row().orElseThrow());
    }

    /** Says that the daemon lives. Returns false if the lease is lost: then it must end. */
    public boolean renew(long epoch) {
        return sql.sql("UPDATE volume_daemon_lease SET heartbeat_millis = ? WHERE id = ? AND epoch = ? AND held = 1")
                        .params(clock.nowMillis(), ROW, epoch)
                        .update()
                == 1;
    }

    /** Says where others reach the daemon, once it listens. Nothing happens if the lease is lost. */
    public void publish(long epoch, String endpoint) {
        sql.sql("UPDATE volume_daemon_lease SET endpoint = ? WHERE id = ? AND epoch = ? AND held = 1")
                .params(endpoint, ROW, epoch)
                .update();
    }

    /** Gives the lease back; no error if it is lost already. */
    public void release(long epoch) {
        sql.sql("UPDATE volume_daemon_lease SET held = 0 WHERE id = ? AND epoch = ?")
                .params(ROW, epoch)
                .update();
    }

    /** Returns the daemon that lives, if one does. */
    public Optional<Holder> holder() {
        return row().filter(row -> row.held() && !dead(row))
                .map(row -> new Holder(
                        row.owner(), Optional.of(row.endpoint()).filter(text -> !text.isEmpty()), row.epoch()));
    }

    /** Returns writes that only commit while the lease of that epoch is held. */
    public JournalWrites writes(long epoch) {
        return work -> transaction.executeWithoutResult(status -> {
            check(epoch);
            work.run();
        });
    }

    private void check(long epoch) {
        boolean held = sql.sql("SELECT epoch FROM volume_daemon_lease WHERE id = ? AND held = 1 FOR UPDATE")
                .param(ROW)
                .query(Long.class)
                .optional()
                .filter(now -> now == epoch)
                .isPresent();
        if (!held) {
            throw new VolumeException(
                    Kind.BUSY,
                    "this volume daemon has lost its lease to another one (its epoch %d is over) and writes nothing more; end it"
                            .formatted(epoch));
        }
    }

    private boolean dead(Row row) {
        return row.owner().deadBeside(self) || clock.nowMillis() - row.heartbeatMillis() > row.timeoutMillis();
    }

    private boolean insert(Optional<String> endpoint) {
        try {
            sql.sql("INSERT INTO volume_daemon_lease (id, epoch, held, owner_id, host, pid, process_start_millis,"
                            + " endpoint, heartbeat_millis, timeout_millis) VALUES (?, 1, 1, ?, ?, ?, ?, ?, ?, ?)")
                    .params(ROW, self.ownerId(), self.host(), self.pid(), self.startMillis())
                    .params(endpoint.orElse(""), clock.nowMillis(), timeout.toMillis())
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    private boolean takeOver(Row row, Optional<String> endpoint) {
        return sql.sql("UPDATE volume_daemon_lease SET epoch = epoch + 1, held = 1, owner_id = ?, host = ?, pid = ?,"
                                + " process_start_millis = ?, endpoint = ?, heartbeat_millis = ?, timeout_millis = ?"
                                + " WHERE id = ? AND epoch = ? AND held = ? AND heartbeat_millis = ?")
                        .params(self.ownerId(), self.host(), self.pid(), self.startMillis())
                        .params(endpoint.orElse(""), clock.nowMillis(), timeout.toMillis())
                        .params(ROW, row.epoch(), row.held() ? 1 : 0, row.heartbeatMillis())
                        .update()
                == 1;
    }

    private static VolumeException busy(Row row) {
        return new VolumeException(
                Kind.BUSY,
                "another volume daemon works on this database: process %d on host %s%s; use that one, or end it first"
                        .formatted(
                                row.owner().pid(),
                                row.owner().host(),
                                row.endpoint().isEmpty() ? "" : " at " + row.endpoint()));
    }

    private Optional<Row> row() {
        return sql.sql("SELECT * FROM volume_daemon_lease WHERE id = ?")
                .param(ROW)
                .query(Row::of)
                .optional();
    }

    private record Row(
            ProcessIdentity owner,
            long epoch,
            boolean held,
            String endpoint,
            long heartbeatMillis,
            long timeoutMillis) {

        static Row of(ResultSet row, int number) throws SQLException {
            return new Row(
                    new ProcessIdentity(
                            row.getString("owner_id"),
                            row.getString("host"),
                            row.getLong("pid"),
                            row.getLong("process_start_millis")),
                    row.getLong("epoch"),
                    row.getBoolean("held"),
                    row.getString("endpoint"),
                    row.getLong("heartbeat_millis"),
                    row.getLong("timeout_millis"));
        }
    }
}
