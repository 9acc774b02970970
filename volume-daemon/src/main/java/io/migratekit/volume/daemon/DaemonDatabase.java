package io.migratekit.volume.daemon;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.sql.DatabaseClock;
import io.migratekit.volume.ledger.DaemonLease;
import io.migratekit.volume.ledger.ExportLedger;
import io.migratekit.volume.ledger.Installation;
import io.migratekit.volume.ledger.OperationJournal;
import io.migratekit.volume.ledger.OwnConnection;
import io.migratekit.volume.ledger.PoolLedger;
import io.migratekit.volume.ledger.SnapshotLedger;
import io.migratekit.volume.ledger.StepJournal;
import io.migratekit.volume.ledger.VolumeLedger;
import io.migratekit.volume.operation.Ledger;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * The database as the daemon uses it.
 *
 * @param sql migrated
 * @param transaction on the same data source
 * @param databaseClock for heartbeats
 * @param clock for moments that people read
 * @param self this process
 */
public record DaemonDatabase(
        JdbcClient sql,
        TransactionTemplate transaction,
        DatabaseClock databaseClock,
        Clock clock,
        ProcessIdentity self) {

    DaemonLease lease(Duration timeout) {
        return new DaemonLease(sql, transaction, databaseClock, self, timeout);
    }

    /** Returns the same lease over a connection of its own, for the heartbeat. */
    DaemonLease lease(Duration timeout, OwnConnection connection) {
        JdbcClient own = JdbcClient.create(connection);
        DatabaseClock ownClock =
                databaseClock instanceof UnixTimestampClock ? new UnixTimestampClock(own) : databaseClock;
        return new DaemonLease(own, transaction, ownClock, self, timeout);
    }

    /** Takes a connection that nobody else uses. */
    OwnConnection ownConnection() {
        if (transaction.getTransactionManager() instanceof ResourceTransactionManager manager
                && manager.getResourceFactory() instanceof DataSource pool) {
            return OwnConnection.of(pool);
        }
        throw new IllegalStateException("the daemon's transactions are not those of a data source");
    }

    String installationId() {
        return new Installation(sql, clock).id();
    }

    PoolLedger pools() {
        return new PoolLedger(sql, clock);
    }

    Ledger ledger() {
        JsonMapper json = JsonMapper.shared();
        ExportLedger exports = new ExportLedger(sql, clock);
        StepJournal steps = new StepJournal(sql, clock, json);
        return new Ledger(
                new VolumeLedger(sql, clock),
                exports,
                new SnapshotLedger(sql, clock),
                new OperationJournal(sql, clock, json),
                steps);
    }
}
