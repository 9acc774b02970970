package io.migratekit.shell.engine;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The part of the program that has a database. Opened by the first command that asks for one of its services, closed
 * with the process; closing drains what is running to its next commit before the database goes. Safe for several
 * threads.
 */
public final class Engine implements AutoCloseable {
    /** Short commands serve the embedded database while they run, and one after another may leave under us. */
    private static final int ATTEMPTS = 5;

    /** H2 believes no lock file that is younger than about this. */
    private static final long PAUSE_MILLIS = 500;

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    private @Nullable ConfigurableApplicationContext context; // guarded by this

    /**
     * Returns the service of that type.
     *
     * @throws EngineException if the database cannot be opened; a later call tries again
     */
    public <T> T service(Class<T> type) {
        return context().getBean(type);
    }

    /**
     * Returns which database is in use, and where.
     *
     * @throws SQLException if it does not answer
     */
    public String database() throws SQLException {
        try (Connection connection = service(DataSource.class).getConnection()) {
            DatabaseMetaData data = connection.getMetaData();
            return "%s %s at %s"
                    .formatted(data.getDatabaseProductName(), data.getDatabaseProductVersion(), data.getURL());
        }
    }

    /** Tells whether a command has needed it yet. */
    public synchronized boolean isOpen() {
        return context != null;
    }

    @Override
    public synchronized void close() {
        if (context != null) {
            context.close();
            context = null;
        }
    }

    private synchronized ConfigurableApplicationContext context() {
        ConfigurableApplicationContext open = context;
        if (open == null) {
            open = open();
            context = open;
        }
        return open;
    }

    private static ConfigurableApplicationContext open() {
        SpringApplication application = new SpringApplication(EngineConfiguration.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setAddCommandLineProperties(false);
        // Interrupts and SIGTERM are the console's: it drains first, then closes. A shutdown hook would race with it.
        application.setRegisterShutdownHook(false);
        application.setDefaultProperties(Map.of("spring.jmx.enabled", "false"));
        for (int attempt = 1; ; attempt++) {
            try {
                return application.run();
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !EngineException.serverLeft(e)) {
                    throw EngineException.of(e);
                }
                log.info("the process that served the database has ended; it is opened again", e);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
