package io.migratekit.shell.engine;

import io.migratekit.job.JobsConfiguration;
import io.migratekit.volume.cloudstack.CloudConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Boot's data source, migrations and Batch under the jobs, and the clouds and vCenters that are known. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({JobsConfiguration.class, CloudConfiguration.class})
class EngineConfiguration {}
