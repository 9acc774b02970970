package io.migratekit.job.retention;

import io.migratekit.config.MigrateKitSettings;
import java.time.Clock;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires what forgets old jobs. */
@Configuration(proxyBeanMethods = false)
public class RetentionConfiguration {

    @Bean
    Retention retention(
            JdbcClient sql,
            TransactionTemplate ledgerTransaction,
            JobRepository repository,
            Clock clock,
            MigrateKitSettings settings) {
        return new Retention(
                new WorkingData(sql, repository),
                new Records(sql, ledgerTransaction, clock, settings.jobs()),
                new VolumeRecords(sql, clock, settings.jobs()));
    }
}
