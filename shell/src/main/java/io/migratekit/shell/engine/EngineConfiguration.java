package io.migratekit.shell.engine;

import io.migratekit.job.JobsConfiguration;
import io.migratekit.shell.home.Home;
import io.migratekit.shell.volume.OwnDaemon;
import io.migratekit.volume.daemon.DaemonLauncher;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Boot's data source, migrations and Batch under the jobs. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(JobsConfiguration.class)
class EngineConfiguration {

    @Bean
    DaemonLauncher daemonLauncher() {
        return new OwnDaemon(Home.fromEnvironment());
    }
}
