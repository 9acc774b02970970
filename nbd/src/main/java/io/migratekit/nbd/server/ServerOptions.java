package io.migratekit.nbd.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits of a server. Each connection has a thread and about 600 KiB of direct memory, so the number of connections
 * bounds both.
 *
 * @param connectionsMax further ones are closed at once; 1 to 10000
 * @param negotiationTimeout a connection that has not chosen an export by then is closed
 * @param removalGrace how long a removed export waits for its connections to take their replies
 * @param tlsFolder certificates as {@link io.migratekit.nbd.tls.TlsFiles} names them; when given, TLS is demanded of
 *     every client, and with a {@code ca-cert.pem} a client certificate as well
 */
public record ServerOptions(
        int connectionsMax, Duration negotiationTimeout, Duration removalGrace, Optional<Path> tlsFolder) {

    public ServerOptions {
        if (connectionsMax < 1 || connectionsMax > 10_000) {
            throw new IllegalArgumentException(
                    "%d connections at most; 1 to 10000 can be served".formatted(connectionsMax));
        }
        if (negotiationTimeout.isNegative() || negotiationTimeout.isZero() || removalGrace.isNegative()) {
            throw new IllegalArgumentException("negotiation timeout %s must be above zero, removal grace %s not below"
                    .formatted(negotiationTimeout, removalGrace));
        }
    }

    /** 256 connections, ten seconds to negotiate, five seconds of grace, no TLS. */
    public static ServerOptions defaults() {
        return new ServerOptions(256, Duration.ofSeconds(10), Duration.ofSeconds(5), Optional.empty());
    }

    /** The same with TLS demanded of every client, by the certificates in {@code folder}; they are read once, at the start. */
    public ServerOptions withTls(Path folder) {
        return new ServerOptions(connectionsMax, negotiationTimeout, removalGrace, Optional.of(folder));
    }

    /** The same with another limit, 1 to 10000; a client above it finds its connection closed. */
    public ServerOptions withConnectionsMax(int count) {
        return new ServerOptions(count, negotiationTimeout, removalGrace, tlsFolder);
    }

    /** The same with another time to choose an export, above zero. */
    public ServerOptions withNegotiationTimeout(Duration timeout) {
        return new ServerOptions(connectionsMax, timeout, removalGrace, tlsFolder);
    }

    /** The same with another time for clients to take their last replies; zero cuts them off. */
    public ServerOptions withRemovalGrace(Duration grace) {
        return new ServerOptions(connectionsMax, negotiationTimeout, grace, tlsFolder);
    }
}
