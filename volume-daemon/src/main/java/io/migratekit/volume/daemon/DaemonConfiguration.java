package io.migratekit.volume.daemon;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.ProcessIdentity;
import io.migratekit.sql.DatabaseClock;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.cloudstack.CloudAccounts;
import io.migratekit.volume.cloudstack.CloudConfiguration;
import io.migratekit.volume.cloudstack.CloudStack;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reaches the daemon, and starts it in this process if asked to. Costs nothing until somebody asks: the server's and the
 * client's classes are loaded then.
 */
@Configuration(proxyBeanMethods = false)
@Import(CloudConfiguration.class)
public class DaemonConfiguration {
    /** A busy machine may need this long to start a JVM, open a database and serve a thousand exports. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Bean
    DaemonDatabase daemonDatabase(
            JdbcClient sql,
            TransactionTemplate transaction,
            DatabaseClock databaseClock,
            Clock clock,
            ProcessIdentity self) {
        return new DaemonDatabase(sql, transaction, databaseClock, clock, self);
    }

    @Bean
    Volumes volumes(MigrateKitSettings settings, DaemonDatabase database, ObjectProvider<DaemonLauncher> launcher) {
        return new DaemonVolumes(new DaemonFinder(
                settings,
                database.lease(settings.volumes().timeout()),
                launcher.stream().findFirst(),
                PATIENCE));
    }

    @Bean
    VolumeHistory volumeHistory(DaemonDatabase database) {
        return new VolumeHistory(database);
    }

    @Bean
    DaemonStart daemonStart(MigrateKitSettings settings, DaemonDatabase database, CloudAccounts clouds) {
        return new DaemonStart(
                settings,
                database,
                installationId -> clouds.active(installationId).map(CloudStack::volumes));
    }
}
