package io.migratekit.job;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.ProcessIdentity;
import io.migratekit.config.SettingsConfiguration;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.ChangeMaps;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.ledger.RestorePoints;
import io.migratekit.job.ledger.VerificationJobs;
import io.migratekit.job.operation.OperationConfiguration;
import io.migratekit.job.replication.ReplicationConfiguration;
import io.migratekit.job.report.WorkerReports;
import io.migratekit.job.retention.RetentionConfiguration;
import io.migratekit.job.vcenter.VCenterAccountConfiguration;
import io.migratekit.job.verification.VerificationConfiguration;
import io.migratekit.source.SourceConfiguration;
import io.migratekit.sql.DatabaseClock;
import io.migratekit.volume.daemon.DaemonConfiguration;
import io.migratekit.volume.daemon.UnixTimestampClock;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires ledger, leases, joblog and jobs; needs a DataSource and Spring Batch's JDBC repository. */
@Configuration(proxyBeanMethods = false)
@Import({
    SettingsConfiguration.class,
    SourceConfiguration.class,
    VCenterAccountConfiguration.class,
    ReplicationConfiguration.class,
    VerificationConfiguration.class,
    RetentionConfiguration.class,
    OperationConfiguration.class,
    DaemonConfiguration.class
})
public class JobsConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    JobIds jobIds(Clock clock) {
        return new JobIds(clock, new SecureRandom());
    }

    @Bean
    ProcessIdentity processIdentity() {
        return ProcessIdentity.current();
    }

    @Bean
    TransactionTemplate ledgerTransaction(PlatformTransactionManager transactions) {
        return new TransactionTemplate(transactions);
    }

    @Bean
    DatabaseClock databaseClock(JdbcClient sql) {
        return new UnixTimestampClock(sql);
    }

    @Bean
    Leases leases(JdbcClient sql, DatabaseClock clock, ProcessIdentity self, MigrateKitSettings settings) {
        return new Leases(sql, clock, self, settings.lease().timeout());
    }

    @Bean
    FencedWrites fencedWrites(JdbcClient sql, TransactionTemplate ledgerTransaction) {
        return new FencedWrites(sql, ledgerTransaction);
    }

    @Bean
    JobLog jobLog(JdbcClient sql, Clock clock) {
        return new JobLog(sql, clock);
    }

    @Bean
    WorkerReports workerReports(JdbcClient sql, TransactionTemplate ledgerTransaction, JobLog jobLog, Clock clock) {
        return new WorkerReports(sql, ledgerTransaction, jobLog, clock);
    }

    @Bean
    Machines machines(JdbcClient sql, TransactionTemplate ledgerTransaction, FencedWrites fenced, Clock clock) {
        return new Machines(sql, ledgerTransaction, fenced, clock);
    }

    @Bean
    ReplicationJobs replicationJobs(JdbcClient sql, FencedWrites fenced, Clock clock) {
        return new ReplicationJobs(sql, fenced, clock);
    }

    @Bean
    ReplicationDisks replicationDisks(JdbcClient sql, FencedWrites fenced) {
        return new ReplicationDisks(sql, fenced);
    }

    @Bean
    ChangeMaps changeMaps(JdbcClient sql, FencedWrites fenced) {
        return new ChangeMaps(sql, fenced);
    }

    @Bean
    VerificationJobs verificationJobs(JdbcClient sql, FencedWrites fenced, Clock clock) {
        return new VerificationJobs(sql, fenced, clock);
    }

    @Bean
    RestorePoints restorePoints(JdbcClient sql, FencedWrites fenced, Clock clock) {
        return new RestorePoints(sql, fenced, clock);
    }
}
