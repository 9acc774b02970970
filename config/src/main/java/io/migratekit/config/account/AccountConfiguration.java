package io.migratekit.config.account;

import io.migratekit.config.vault.Vault;
import io.migratekit.config.vault.VaultConfiguration;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The registries over the database and the vault; needs a JdbcClient, a TransactionTemplate, a Clock and the settings. */
@Configuration(proxyBeanMethods = false)
@Import(VaultConfiguration.class)
public class AccountConfiguration {

    @Bean
    OsseaConfigs osseaConfigs(JdbcClient sql, TransactionTemplate transaction, Vault vault, Clock clock) {
        return new OsseaConfigs(sql, transaction, vault, clock);
    }

    @Bean
    VmwareCredentials vmwareCredentials(JdbcClient sql, TransactionTemplate transaction, Vault vault, Clock clock) {
        return new VmwareCredentials(sql, transaction, vault, clock);
    }
}
