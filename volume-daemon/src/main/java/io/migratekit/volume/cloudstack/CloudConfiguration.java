package io.migratekit.volume.cloudstack;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.account.AccountConfiguration;
import io.migratekit.config.account.OsseaConfigs;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The clouds that are configured. Needs what {@link AccountConfiguration} needs. */
@Configuration(proxyBeanMethods = false)
@Import(AccountConfiguration.class)
public class CloudConfiguration {

    @Bean
    CloudAccounts cloudAccounts(OsseaConfigs configs, MigrateKitSettings settings) {
        return new CloudAccounts(configs, settings.volumes());
    }
}
