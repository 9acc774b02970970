package io.migratekit.config.vault;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A migrated database with secrets of OSSEA configurations in it. */
public record SealedDatabase(DataSource source, JdbcClient sql) {
    static final String ENDPOINT = "https://cloud.example/client/api";

    private static final String NOW = "2026-11-01 10:11:12.123456";

    public static SealedDatabase inMemory() {
        String url =
                "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                        .formatted(UUID.randomUUID());
        return migrated(JdbcConnectionPool.create(url, "sa", ""), "h2");
    }

    static SealedDatabase mariaDb(String url) {
        return migrated(new DriverManagerDataSource(url, "root", ""), "mysql");
    }

    private static SealedDatabase migrated(DataSource source, String vendor) {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/" + vendor, "classpath:db/migration/common")
                .load()
                .migrate();
        return new SealedDatabase(source, JdbcClient.create(source));
    }

    /** Returns a vault whose key is in a file. */
    public Vault vault(Path keyFile) {
        return vault(new KeyFile(keyFile));
    }

    Vault vault(KeyPlace place) {
        return vault(place, new DataSourceTransactionManager(source), new SecureRandom());
    }

    Vault vault(KeyPlace place, PlatformTransactionManager transactions, SecureRandom random) {
        return new Vault(sql, new TransactionTemplate(transactions), place, Clock.systemUTC(), random);
    }

    /** Stores a configuration whose keys are its name with a suffix. */
    void store(Vault vault, String name) {
        vault.sealing(sealer -> sql.sql("INSERT INTO ossea_configs (name, api_url, api_key_sealed, secret_key_sealed,"
                        + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)")
                .params(
                        name,
                        ENDPOINT,
                        sealer.seal(apiKey(name), new Secret(name + "-api")).text(),
                        sealer.seal(secretKey(name), new Secret(name + "-secret"))
                                .text(),
                        NOW,
                        NOW)
                .update());
    }

    String openApiKey(Vault vault, String name) {
        return vault.open(apiKey(name), sealed("api_key_sealed", name)).reveal();
    }

    String openSecretKey(Vault vault, String name) {
        return vault.open(secretKey(name), sealed("secret_key_sealed", name)).reveal();
    }

    String sealed(String column, String name) {
        return sql.sql("SELECT " + column + " FROM ossea_configs WHERE name = ?")
                .param(name)
                .query(String.class)
                .single();
    }

    void forgetAll() {
        sql.sql("DELETE FROM ossea_configs").update();
    }

    static SecretOwner apiKey(String name) {
        return new SecretOwner(SealedColumn.OSSEA_API_KEY, name, ENDPOINT);
    }

    static SecretOwner secretKey(String name) {
        return new SecretOwner(SealedColumn.OSSEA_SECRET_KEY, name, ENDPOINT);
    }
}
