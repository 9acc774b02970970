package io.migratekit.job;

import io.migratekit.job.lease.FencedWrites;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A migrated database with what the ledger needs, without Batch. */
public final class LedgerDatabase {
    private final JdbcClient sql;
    private final TransactionTemplate transaction;

    private LedgerDatabase(DriverManagerDataSource source) {
        this.sql = JdbcClient.create(source);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(source));
    }

    /** Migrates a new H2 database in memory. */
    public static LedgerDatabase h2() {
        return migrated(new DriverManagerDataSource(JobsApp.memoryDatabase(), "sa", ""), "h2");
    }

    /** Migrates an empty MariaDB database. */
    public static LedgerDatabase mariaDb(String url) {
        return migrated(new DriverManagerDataSource(url, "root", ""), "mysql");
    }

    private static LedgerDatabase migrated(DriverManagerDataSource source, String vendor) {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/" + vendor, "classpath:db/migration/common")
                .load()
                .migrate();
        return new LedgerDatabase(source);
    }

    public JdbcClient sql() {
        return sql;
    }

    public TransactionTemplate transaction() {
        return transaction;
    }

    public FencedWrites fenced() {
        return new FencedWrites(sql, transaction);
    }
}
