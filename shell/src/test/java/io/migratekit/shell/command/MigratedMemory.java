package io.migratekit.shell.command;

import io.migratekit.config.MigrateKitSettings;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database in memory with all tables, and what is wired over it without the whole program. */
public final class MigratedMemory implements AutoCloseable {
    private final JdbcConnectionPool source;

    private MigratedMemory(JdbcConnectionPool source) {
        this.source = source;
    }

    /** Makes an empty one. */
    public static MigratedMemory make() {
        JdbcConnectionPool source = JdbcConnectionPool.create(
                "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                        .formatted(UUID.randomUUID()),
                "sa",
                "");
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/h2", "classpath:db/migration/common")
                .load()
                .migrate();
        return new MigratedMemory(source);
    }

    /** Returns a context with the database, a clock and settings, to which more is added before it is refreshed. */
    public AnnotationConfigApplicationContext context(Map<String, String> settings) {
        MigrateKitSettings bound = new Binder(new MapConfigurationPropertySource(settings))
                .bind("migratekit", MigrateKitSettings.class)
                .get();
        AnnotationConfigApplicationContext made = new AnnotationConfigApplicationContext();
        made.registerBean(JdbcClient.class, () -> JdbcClient.create(source));
        made.registerBean(
                TransactionTemplate.class, () -> new TransactionTemplate(new DataSourceTransactionManager(source)));
        made.registerBean(Clock.class, Clock::systemUTC);
        made.registerBean(MigrateKitSettings.class, () -> bound);
        return made;
    }

    @Override
    public void close() {
        source.dispose();
    }
}
