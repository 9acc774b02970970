package io.migratekit.config.vault;

import io.migratekit.config.MigrateKitSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The vault over the database; its keys come from the environment if they are there, else from their file. */
@Configuration(proxyBeanMethods = false)
public class VaultConfiguration {

    @Bean
    Vault vault(JdbcClient sql, TransactionTemplate transaction, MigrateKitSettings settings, Clock clock) {
        return new Vault(sql, transaction, place(settings), clock, new SecureRandom());
    }

    private static KeyPlace place(MigrateKitSettings settings) {
        String keys = System.getenv(EnvironmentKeys.VARIABLE);
        Path file = settings.vault()
                .keyFile()
                .orElseGet(() -> settings.home().resolve("vault.key"))
                .toAbsolutePath();
        return keys == null || keys.isBlank() ? new KeyFile(file) : new EnvironmentKeys(keys);
    }
}
