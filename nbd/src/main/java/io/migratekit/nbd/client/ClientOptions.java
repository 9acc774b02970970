package io.migratekit.nbd.client;

import java.time.Duration;
import java.util.List;

/**
 * How to connect.
 *
 * @param connectTimeout for the connection and the whole negotiation, TLS included
 * @param requestTimeout longest silence of a server that owes an answer; then the connection counts as lost
 * @param metaContexts contexts to ask for, such as base:allocation; those that the server has are in
 *     {@link ExportInfo#metaContexts}
 */
public record ClientOptions(Duration connectTimeout, Duration requestTimeout, List<String> metaContexts) {
    public ClientOptions {
        metaContexts = List.copyOf(metaContexts);
        if (connectTimeout.toMillis() < 1 || requestTimeout.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "NBD time limits of %s and %s; at least 1 ms is needed".formatted(connectTimeout, requestTimeout));
        }
    }

    /** 10 s to connect, 60 s of silence, no contexts. */
    public static ClientOptions defaults() {
        return new ClientOptions(Duration.ofSeconds(10), Duration.ofSeconds(60), List.of());
    }

    /** Returns these options with other contexts. */
    public ClientOptions withContexts(String... contexts) {
        return new ClientOptions(connectTimeout, requestTimeout, List.of(contexts));
    }
}
