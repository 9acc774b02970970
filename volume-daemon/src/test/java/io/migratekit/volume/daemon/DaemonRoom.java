package io.migratekit.volume.daemon;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.ProcessIdentity;
import io.migratekit.config.SettingsConfiguration;
import io.migratekit.sql.DatabaseClock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A home with settings and a database. */
record DaemonRoom(MigrateKitSettings settings, DataSource source, Runnable closing) implements AutoCloseable {

    /**
     * Opens it with a database of this process; all rooms of one home share it.
     *
     * @param settings names and values below {@code migratekit.volumes}, over those of a quick test
     */
    static DaemonRoom open(Path home, Map<String, String> settings) {
        return open(home, settings, "mem:" + Integer.toHexString(home.hashCode()) + ";DB_CLOSE_DELAY=-1");
    }

    /** Opens it with a database file that several processes may use. */
    static DaemonRoom openForProcesses(Path home, Map<String, String> settings) {
        return open(home, settings, "file:%s/db;WRITE_DELAY=0;AUTO_SERVER=TRUE".formatted(home));
    }

    private static DaemonRoom open(Path home, Map<String, String> settings, String database) {
        JdbcConnectionPool pool = JdbcConnectionPool.create(
                "jdbc:h2:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE".formatted(database),
                "sa",
                "");
        return on(pool, "h2", home, settings, pool::dispose);
    }

    /** Opens it with a database of that vendor, which is migrated first. */
    static DaemonRoom on(DataSource source, String vendor, Path home, Map<String, String> settings, Runnable closing) {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/" + vendor, "classpath:db/migration/common")
                .load()
                .migrate();
        return new DaemonRoom(settings(home, settings), source, closing);
    }

    private static MigrateKitSettings settings(Path home, Map<String, String> changed) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "migratekit.home", home.toString(),
                "migratekit.volumes.format", "raw",
                "migratekit.volumes.engine", "embedded",
                "migratekit.volumes.reserve", "0",
                "migratekit.volumes.overcommit", "1000",
                "migratekit.volumes.port", "0",
                "migratekit.volumes.heartbeat", "200ms",
                "migratekit.volumes.timeout", "5s"));
        changed.forEach((name, value) -> all.put("migratekit.volumes." + name, value));
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", all));
            context.register(SettingsConfiguration.class);
            context.refresh();
            return context.getBean(MigrateKitSettings.class);
        }
    }

    JdbcClient sql() {
        return JdbcClient.create(source);
    }

    DaemonDatabase database() {
        return database(ProcessIdentity.current());
    }

    DaemonDatabase database(ProcessIdentity self) {
        return new DaemonDatabase(
                sql(),
                new TransactionTemplate(new DataSourceTransactionManager(source)),
                System::currentTimeMillis,
                Clock.systemUTC(),
                self);
    }

    RunningDaemon start(DaemonStart.Origin origin) {
        return new DaemonStart(settings, database(), BackendSource.none()).start(origin);
    }

    /** Opens the program's own configuration on this room, with whatever clouds the database has. */
    AnnotationConfigApplicationContext wired() {
        DaemonDatabase database = database();
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.registerBean(JdbcClient.class, database::sql);
        context.registerBean(TransactionTemplate.class, database::transaction);
        context.registerBean(DatabaseClock.class, database::databaseClock);
        context.registerBean(Clock.class, database::clock);
        context.registerBean(ProcessIdentity.class, database::self);
        context.registerBean(MigrateKitSettings.class, () -> settings);
        context.register(DaemonConfiguration.class);
        context.refresh();
        return context;
    }

    /** Returns a client that starts no daemon. */
    DaemonVolumes client(Duration patience) {
        return client(Optional.empty(), patience);
    }

    DaemonVolumes client(Optional<DaemonLauncher> launcher, Duration patience) {
        return new DaemonVolumes(
                new DaemonFinder(settings, database().lease(settings.volumes().timeout()), launcher, patience));
    }

    @Override
    public void close() {
        closing.run();
    }
}
