package io.migratekit.job.replication;

import io.migratekit.config.Copy;
import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.ProcessIdentity;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.ChangeMaps;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.ledger.RestorePoints;
import io.migratekit.source.SourceMachines;
import io.migratekit.source.extent.ChangeMapPlanner;
import io.migratekit.source.extent.ExtentRun;
import io.migratekit.target.CopySettings;
import io.migratekit.target.RangeCopier;
import io.migratekit.volume.Volumes;
import java.io.IOException;
import java.time.Clock;
import java.util.random.RandomGenerator;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires the replication job. */
@Configuration(proxyBeanMethods = false)
public class ReplicationConfiguration {

    @Bean
    RunningReplications runningReplications() {
        return new RunningReplications();
    }

    @Bean
    DatabaseFile databaseFile(Environment environment) {
        return DatabaseFile.of(environment.getProperty("spring.datasource.url", ""));
    }

    @Bean
    ProgressStore progressStore(ReplicationJobs jobs, ReplicationDisks disks) {
        return new ProgressStore(jobs, disks);
    }

    @Bean
    TargetVolumes targetVolumes(ObjectProvider<Volumes> volumes, JobLog jobLog, MigrateKitSettings settings) {
        // An operation has up to three steps, each of which is tried again for that long.
        return new TargetVolumes(
                volumes::getObject,
                jobLog,
                settings.volumes().operationTimeout().multipliedBy(3));
    }

    @Bean
    public Targets targets(TargetVolumes volumes) {
        return new Targets(volumes);
    }

    @Bean
    @ConditionalOnMissingBean
    RangeCopies rangeCopies(CopySettings copy) {
        return (task, upcoming, progress, stop) -> {
            RangeCopier copier = RangeCopier.open(task, copy, upcoming, progress, stop);
            return new RangeCopies.RangeCopy() {
                @Override
                public void copy(ExtentRun run) throws IOException {
                    copier.copy(run);
                }

                @Override
                public long finish() throws IOException {
                    return copier.finish();
                }

                @Override
                public void close() {
                    copier.close();
                }
            };
        };
    }

    @Bean
    Job replicationJob(
            JobRepository repository,
            RunningReplications runs,
            RangeCopies copies,
            SourceMachines sources,
            Targets targets,
            TargetVolumes volumes,
            Machines machines,
            ReplicationJobs jobs,
            ReplicationDisks disks,
            ChangeMaps maps,
            RestorePoints restorePoints,
            ProgressStore progress,
            JobLog jobLog,
            DatabaseFile databaseFile,
            Clock clock,
            MigrateKitSettings settings) {
        Copy copy = settings.copy();
        Snapshots snapshots = new Snapshots(jobs, jobLog, clock);
        RangeHistory history = new RangeHistory(repository);
        ModeDecision modes = new ModeDecision(jobLog);
        ChangeMapPlanner planner = new ChangeMapPlanner();
        ExportProbe probe = new ExportProbe(copy.connectTimeout(), copy.requestTimeout());
        DiskPreparation diskPreparation = new DiskPreparation(
                targets,
                volumes,
                machines,
                probe,
                new SameContent(probe, planner, disks, history, RandomGenerator.getDefault()),
                maps,
                modes,
                disks,
                jobLog,
                copy.partitionsPerDisk());
        return new ReplicationSteps(repository, runs, new StepJournal(runs, jobLog, jobs))
                .job(
                        new Preparation(sources, snapshots, diskPreparation, jobs, disks, jobLog),
                        new Planning(planner, maps, disks, modes, jobLog),
                        new CopyRangeStep(runs, repository, copies, progress, jobLog, settings),
                        history,
                        new Promotion(databaseFile, progress, history, disks, restorePoints, jobLog),
                        new Release(snapshots, machines, progress),
                        copy.rangesAtOnce());
    }

    @Bean
    ReplicationEngine replicationEngine(
            Job replicationJob,
            JobOperator operator,
            JobRepository repository,
            RunningReplications runs,
            ReplicationJobs jobs,
            ProgressStore progress,
            JobLog jobLog,
            Leases leases,
            ProcessIdentity self,
            DatabaseFile databaseFile,
            MigrateKitSettings settings) {
        return new ReplicationEngine(
                replicationJob,
                operator,
                new BatchRecovery(operator, repository),
                runs,
                jobs,
                progress,
                jobLog,
                leases,
                self,
                databaseFile,
                settings);
    }

    @Bean
    CopySettings copySettings(MigrateKitSettings settings) {
        Copy copy = settings.copy();
        return new CopySettings(
                (int) copy.requestSize().toBytes(),
                (int) copy.farRequestSize().toBytes(),
                copy.window().toBytes(),
                CopySettings.defaults().zeroBytesMin(),
                copy.connectTimeout(),
                copy.requestTimeout(),
                copy.reconnectTimeout(),
                copy.attempts());
    }
}
