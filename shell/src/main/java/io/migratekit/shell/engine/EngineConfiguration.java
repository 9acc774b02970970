package io.migratekit.shell.engine;

import io.migratekit.job.JobsConfiguration;
import io.migratekit.shell.home.Home;
import io.migratekit.shell.volume.OwnDaemon;
import io.migratekit.volume.daemon.DaemonLauncher;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Boot's data source, migrations and Batch under the jobs, the volumes, and the clouds and vCenters that are known.
 * Named one by one: every command of the program waits for this context, and looking through all that Boot could
 * configure costs more than what is used of it.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    DataSourceAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JdbcClientAutoConfiguration.class,
    FlywayAutoConfiguration.class,
    BatchJdbcAutoConfiguration.class
})
@Import(JobsConfiguration.class)
class EngineConfiguration {

    @Bean
    DaemonLauncher daemonLauncher() {
        return new OwnDaemon(Home.fromEnvironment());
    }
}
