package io.migratekit.shell;

import io.migratekit.shell.home.Home;
import java.io.IOException;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the program: with arguments one command and its exit code, without any the console.
 *
 * <p>Spring's first context holds the console alone and is up in a moment; the database, jobs and sources are in a
 * second one that {@link io.migratekit.shell.engine.Engine} opens when a command first needs them.
 */
public final class MigrateKit {
    private MigrateKit() {}

    /** Entry of the program. */
    public static void main(String[] args) {
        // H2 opens a port for other processes of the same user; nobody else may reach it.
        System.setProperty("h2.bindAddress", "127.0.0.1");
        System.exit(run(args));
    }

    private static int run(String... args) {
        Home home = Home.fromEnvironment();
        try {
            home.make();
        } catch (IOException e) {
            System.err.println("error: " + e.getMessage());
            return 1;
        }
        System.setProperty("migratekit.home", home.folder().toString());
        try (ConfigurableApplicationContext context = application().run()) {
            LogTrouble.sayInOneLine();
            return context.getBean(Console.class).run(args).number();
        }
    }

    private static SpringApplication application() {
        SpringApplication application = new SpringApplication(ConsoleConfiguration.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.setAddCommandLineProperties(false);
        application.setRegisterShutdownHook(false); // holds nothing that must be closed in order
        application.setDefaultProperties(Map.of("spring.jmx.enabled", "false"));
        return application;
    }
}
