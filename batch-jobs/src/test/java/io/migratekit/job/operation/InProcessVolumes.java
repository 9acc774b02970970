package io.migratekit.job.operation;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.ProcessIdentity;
import io.migratekit.config.VolumeDaemon;
import io.migratekit.volume.export.ExportEngine;
import io.migratekit.volume.export.ExportEngines;
import io.migratekit.volume.ledger.DaemonLease;
import io.migratekit.volume.ledger.ExportLedger;
import io.migratekit.volume.ledger.OperationJournal;
import io.migratekit.volume.ledger.SnapshotLedger;
import io.migratekit.volume.ledger.StepJournal;
import io.migratekit.volume.ledger.VolumeLedger;
import io.migratekit.volume.local.LocalBackend;
import io.migratekit.volume.local.LocalSettings;
import io.migratekit.volume.local.Tools;
import io.migratekit.volume.operation.Backends;
import io.migratekit.volume.operation.Ledger;
import io.migratekit.volume.operation.VolumeOperations;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** A volume daemon within the test: a local pool of raw images, served by the embedded engine. */
@Configuration(proxyBeanMethods = false)
@Import(CuttingCopies.Wiring.class)
class InProcessVolumes {

    @Bean
    LocalBackend localBackend(MigrateKitSettings settings) {
        VolumeDaemon volumes = settings.volumes();
        return LocalBackend.open(new LocalSettings(
                settings.home().resolve("volumes"),
                VolumeDaemon.Format.RAW,
                volumes.reserve().toBytes(),
                volumes.overcommit(),
                "test",
                Tools.onPath()));
    }

    @Bean
    ExportEngine exportEngine(MigrateKitSettings settings) {
        return ExportEngines.of(settings.volumes(), settings.home().resolve("exports"))
                .embedded();
    }

    @Bean
    VolumeOperations volumes(
            JdbcClient sql,
            TransactionTemplate transaction,
            ProcessIdentity self,
            LocalBackend backend,
            ExportEngine engine,
            MigrateKitSettings settings) {
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
        DaemonLease lease = new DaemonLease(
                sql,
                transaction,
                System::currentTimeMillis,
                self,
                settings.volumes().timeout());
        long epoch = lease.acquire(Optional.empty());
        return new VolumeOperations(
                ledger,
                lease.writes(epoch),
                new Backends(List.of(backend)),
                engine,
                settings.volumes().operationTimeout());
    }
}
