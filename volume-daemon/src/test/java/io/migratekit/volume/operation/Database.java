package io.migratekit.volume.operation;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.volume.ledger.DaemonLease;
import io.migratekit.volume.ledger.ExportLedger;
import io.migratekit.volume.ledger.OperationJournal;
import io.migratekit.volume.ledger.SnapshotLedger;
import io.migratekit.volume.ledger.StepJournal;
import io.migratekit.volume.ledger.VolumeLedger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A migrated database and the ledgers on it.
 *
 * @param end lets go of what it holds; hundreds that are kept fill the memory of a test
 */
record Database(JdbcClient sql, TransactionTemplate transaction, Ledger ledger, Runnable end) implements AutoCloseable {

    private static final List<String> SCHEMA = new CopyOnWriteArrayList<>();

    /** Migrates the first one, and copies its schema for the others: some tests need hundreds. */
    static Database inMemory() {
        String url =
                "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                        .formatted(UUID.randomUUID());
        JdbcConnectionPool source = JdbcConnectionPool.create(url, "sa", "");
        synchronized (SCHEMA) {
            if (SCHEMA.isEmpty()) {
                migrate(source, "h2");
                SCHEMA.addAll(JdbcClient.create(source)
                        .sql("SCRIPT NOPASSWORDS NOSETTINGS")
                        .query(String.class)
                        .list());
            } else {
                JdbcClient.create(source).sql(String.join("\n", SCHEMA)).update();
            }
        }
        return on(source, () -> end(source, url));
    }

    /** A new connection reaches it even if it has been shut down, as some tests do. */
    private static void end(JdbcConnectionPool pool, String url) {
        pool.dispose();
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Database of(DataSource source, String vendor) {
        migrate(source, vendor);
        return on(source, () -> {});
    }

    private static void migrate(DataSource source, String vendor) {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/" + vendor, "classpath:db/migration/common")
                .load()
                .migrate();
    }

    private static Database on(DataSource source, Runnable end) {
        JdbcClient sql = JdbcClient.create(source);
        Clock clock = Clock.systemUTC();
        JsonMapper json = JsonMapper.shared();
        ExportLedger exports = new ExportLedger(sql, clock);
        StepJournal steps = new StepJournal(sql, clock, json);
        Ledger ledger = new Ledger(
                new VolumeLedger(sql, clock),
                exports,
                new SnapshotLedger(sql, clock),
                new OperationJournal(sql, clock, json, steps, exports),
                steps);
        return new Database(sql, new TransactionTemplate(new DataSourceTransactionManager(source)), ledger, end);
    }

    DaemonLease lease(Duration timeout) {
        return new DaemonLease(sql, transaction, System::currentTimeMillis, ProcessIdentity.current(), timeout);
    }

    @Override
    public void close() {
        end.run();
    }
}
