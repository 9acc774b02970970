package io.migratekit.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The jobs as a program of their own, for tests: everything real but the console. */
public final class JobsApp implements AutoCloseable {
    private final ConfigurableApplicationContext context;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(JobsConfiguration.class)
    static class Wiring {}

    private JobsApp(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Returns the URL of a new H2 database in memory, which lives as long as this JVM. */
    public static String memoryDatabase() {
        return "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                .formatted(UUID.randomUUID());
    }

    /**
     * Starts it.
     *
     * @param home folder for logs
     * @param extra further configuration class of the test, such as other beans; Object.class for none
     * @param settings lines as {@code migratekit.chunk.bytes=1MB}
     */
    public static JobsApp start(Path home, String databaseUrl, Class<?> extra, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "migratekit.home=" + home,
                "spring.datasource.url=" + databaseUrl,
                "logging.threshold.console=off",
                "migratekit.lease.heartbeat=200ms",
                "migratekit.lease.timeout=5s",
                "spring.main.register-shutdown-hook=false"));
        all.addAll(List.of(settings));
        SpringApplication application = extra == Object.class
                ? new SpringApplication(Wiring.class)
                : new SpringApplication(extra, Wiring.class); // extra first: its beans win
        return new JobsApp(application.run(all.stream().map(line -> "--" + line).toArray(String[]::new)));
    }

    public <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
