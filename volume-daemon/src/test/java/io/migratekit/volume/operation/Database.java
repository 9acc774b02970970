package io.migratekit.volume.operation;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.volume.ledger.DaemonLease;
import io.migratekit.volume.ledger.ExportLedger;
import io.migratekit.volume.ledger.OperationJournal;
import io.migratekit.volume.ledger.SnapshotLedger;
import io.migratekit.volume.ledger.StepJournal;
import io.migratekit.volume.ledger.VolumeLedger;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** A migrated database and the ledgers on it. */
record Database(JdbcClient sql, TransactionTemplate transaction, Ledger ledger) {

    static Database inMemory() {
        String url =
                "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                        .formatted(UUID.randomUUID());
        return of(JdbcConnectionPool.create(url, "sa", ""), "h2");
    }

    static Database of(DataSource source, String vendor) {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/" + vendor, "classpath:db/migration/common")
                .load()
                .migrate();
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
        return new Database(sql, new TransactionTemplate(new DataSourceTransactionManager(source)), ledger);
    }

    DaemonLease lease(Duration timeout) {
        return new DaemonLease(sql, transaction, System::currentTimeMillis, ProcessIdentity.current(), timeout);
    }
}
