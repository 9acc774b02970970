package io.migratekit.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the source side answers over HTTP ({@code migratekit.vma}).
 *
 * @param address where the API listens; anything but loopback is reachable by others, who need its token
 * @param port of the API, 0 to 65535; 0 lets the system choose
 * @param tokenFile holds the secret that lets clients in, made with mode 600 if it is missing; the default is {@code
 *     vma.token} in the home
 * @param shutdownTimeout how long a guest may take to shut down until its power is cut, where a request does not say,
 *     0 to 1 h
 */
public record Vma(
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue("8081") int port,
        Optional<Path> tokenFile,
        @DefaultValue("5m") Duration shutdownTimeout) {

    /** A guest that takes longer hangs; whoever asked has gone. */
    public static final Duration SHUTDOWN_TIMEOUT_MAX = Duration.ofHours(1);

    public Vma {
        Range.of("migratekit.vma.port").between(port, 0, 65535);
        Range.of("migratekit.vma.shutdown-timeout").between(shutdownTimeout, Duration.ZERO, SHUTDOWN_TIMEOUT_MAX);
    }
}
