package io.migratekit.job.operation;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.job.JobIds;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.KeptLease;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.ledger.RestorePoints;
import io.migratekit.job.ledger.VerificationJobs;
import io.migratekit.job.replication.ReplicationEngine;
import io.migratekit.job.replication.TargetContents;
import io.migratekit.job.retention.Retention;
import io.migratekit.job.verification.VerificationEngine;
import io.migratekit.source.SourceMachines;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.VolumeHistory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what people ask for. */
@Configuration(proxyBeanMethods = false)
public class OperationConfiguration {

    @Bean
    Workers workers(Retention retention) {
        return new Workers(retention::tidy);
    }

    @Bean
    FinishedCopies finishedCopies(Machines machines, ReplicationJobs jobs, Leases leases, JobIds ids, JobLog jobLog) {
        return new FinishedCopies(machines, jobs, leases, ids, jobLog);
    }

    @Bean
    public MachineCatalog machineCatalog(
            Machines machines,
            RestorePoints restorePoints,
            SourceMachines sources,
            FinishedCopies finishedCopies,
            VolumeHistory volumes) {
        return new MachineCatalog(machines, restorePoints, sources, finishedCopies, new TargetContents(volumes));
    }

    @Bean
    public MachineRemoval machineRemoval(
            MachineCatalog catalog,
            Machines machines,
            Leases leases,
            FencedWrites fenced,
            JobIds ids,
            ObjectProvider<Volumes> volumes,
            MigrateKitSettings settings) {
        return new MachineRemoval(
                catalog,
                machines,
                contextId -> KeptLease.acquire(
                        leases,
                        fenced,
                        contextId,
                        ids.next(),
                        settings.lease().heartbeat(),
                        settings.lease().timeout()),
                volumes::getObject,
                settings.volumes().operationTimeout().multipliedBy(3));
    }

    @Bean
    public Replications replications(
            Machines machines,
            ReplicationJobs jobs,
            ReplicationDisks disks,
            JobLog jobLog,
            Leases leases,
            JobIds ids,
            ReplicationEngine engine,
            Workers workers,
            MigrateKitSettings settings) {
        return new Replications(machines, jobs, disks, jobLog, leases, ids, engine, workers, settings);
    }

    @Bean
    public OneOffCopies oneOffCopies(Machines machines, FinishedCopies finishedCopies, Replications replications) {
        return new OneOffCopies(machines, finishedCopies, replications);
    }

    @Bean
    public Verifications verifications(
            MachineCatalog catalog,
            RestorePoints restorePoints,
            ReplicationJobs replications,
            VerificationJobs jobs,
            Leases leases,
            JobIds ids,
            VerificationEngine engine,
            Workers workers) {
        return new Verifications(catalog, restorePoints, replications, jobs, leases, ids, engine, workers);
    }

    @Bean
    GracefulStop gracefulStop(
            ReplicationEngine replications,
            VerificationEngine verifications,
            Workers workers,
            MigrateKitSettings settings) {
        return new GracefulStop(replications, verifications, workers, settings);
    }
}
