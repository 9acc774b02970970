package io.migratekit.job.verification;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.ProcessIdentity;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.VerificationJobs;
import io.migratekit.job.replication.Targets;
import io.migratekit.source.SourceMachines;
import io.migratekit.source.extent.ChangeMapPlanner;
import io.migratekit.target.CopySettings;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the verification job. */
@Configuration(proxyBeanMethods = false)
public class VerificationConfiguration {

    @Bean
    VerificationEngine verificationEngine(
            JobOperator operator,
            JobRepository repository,
            SourceMachines sources,
            Targets targets,
            CopySettings copySettings,
            VerificationJobs jobs,
            JobLog jobLog,
            Leases leases,
            ProcessIdentity self,
            MigrateKitSettings settings) {
        Comparison comparison = new Comparison(sources, targets, new ChangeMapPlanner(), copySettings, jobLog);
        return new VerificationEngine(operator, repository, comparison, jobs, jobLog, leases, self, settings);
    }
}
