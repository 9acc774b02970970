package io.migratekit.nbd.server;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.tls.TlsFiles;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;

/**
 * An NBD server on one unix socket or TCP port with any number of named exports. Safe for use by many threads. It
 * remembers nothing: after a restart exports are added anew, and clients connect again.
 */
public final class NbdServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger("io.migratekit.nbd.server");

    private final Listener listener;
    private final Connection.ServerRoom room;
    private final Exports exports = new Exports();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ScheduledThreadPoolExecutor clock =
            new ScheduledThreadPoolExecutor(1, work -> daemon(work, "nbd-server clock"));
    private final AtomicBoolean closed = new AtomicBoolean();

    private NbdServer(Listener listener, ServerOptions options, Optional<SSLContext> tls, boolean verifyClients) {
        this.listener = listener;
        room = new Connection.ServerRoom(
                exports,
                options,
                tls,
                verifyClients,
                new BufferPool(Inbound.BUFFER_BYTES),
                new BufferPool(Outbound.BUFFER_BYTES),
                clock);
        clock.setRemoveOnCancelPolicy(true);
    }

    /**
     * Starts to listen. A unix socket that a dead server left behind is replaced; one that still answers is not.
     *
     * @param address port 0 lets the system choose; {@link #address} tells which
     */
    public static NbdServer listen(NbdUri.Address address, ServerOptions options) throws IOException {
        Optional<SSLContext> tls = Optional.empty();
        if (options.tlsFolder().isPresent()) {
            tls = Optional.of(TlsFiles.server(options.tlsFolder().get()));
        }
        boolean verifyClients = options.tlsFolder().map(TlsFiles::hasAuthority).orElse(false);
        NbdServer server = new NbdServer(Listener.open(address), options, tls, verifyClients);
        daemon(server::acceptAll, "nbd-server accept").start();
        return server;
    }

    /**
     * Offers a device. From now on the server owns it and closes it when the export is removed.
     *
     * @throws IllegalArgumentException if there is an export of that name, or it is no name; the device stays open
     */
    public void add(String name, ExportDevice device, ExportOptions options) {
        if (closed.get()) {
            throw new IllegalStateException("export '%s' comes too late: the server is closed".formatted(name));
        }
        exports.add(new Export(name, device, options));
    }

    /**
     * Ends an export and its connections, and no others. When this returns, no request touches the device any more and
     * it is closed; requests that had arrived were answered, as far as their clients took the replies in the grace
     * time.
     *
     * @return false if there is no such export
     */
    public boolean remove(String name) throws IOException {
        Optional<Export> export = exports.take(name);
        if (export.isPresent()) {
            export.get().end(room.options().removalGrace());
        }
        return export.isPresent();
    }

    /** Names of the exports at this moment, in order. */
    public List<String> exportNames() {
        return exports.all().stream().map(Export::name).toList();
    }

    /** Number of connections that have chosen the export; 0 if there is no such export. */
    public int connectionCount(String name) {
        return exports.find(name).map(Export::connectionCount).orElse(0);
    }

    /** Where the server listens, with the port that it got. */
    public NbdUri.Address address() {
        return listener.address();
    }

    /** Where to reach an export, whether it is there or not. */
    public NbdUri uri(String name) {
        return new NbdUri(address(), room.tls().isPresent(), name, Map.of());
    }

    /** Stops listening, ends all exports as {@link #remove} does, and closes their devices. Flushes nothing. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        listener.close();
        IOException failure = null;
        for (String name : exportNames()) {
            try {
                remove(name);
            } catch (IOException e) {
                failure = e; // the others are to be ended all the same
            }
        }
        connections.forEach(Connection::endNow);
        clock.shutdownNow();
        if (failure != null) {
            throw failure;
        }
    }

    private void acceptAll() {
        while (!closed.get()) {
            try {
                accept(listener.accept());
            } catch (IOException e) {
                if (!closed.get()) {
                    LOG.log(Level.WARNING, "an NBD client could not be accepted: {0}", e.getMessage());
                    pause(); // out of descriptors, most likely; asking again at once would only burn time
                }
            }
        }
    }

    private void accept(SocketChannel socket) throws IOException {
        if (connections.size() >= room.options().connectionsMax()) {
            socket.close();
            LOG.log(
                    Level.WARNING,
                    "an NBD client was turned away: {0} connections are open, the most that is allowed",
                    connections.size());
            return;
        }
        try {
            Listener.tune(socket);
            start(new Connection(socket, room));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            socket.close();
            LOG.log(Level.WARNING, "an NBD client could not be served", e);
        }
    }

    private void start(Connection connection) {
        connections.add(connection);
        try {
            Runnable work = () -> {
                try {
                    connection.run();
                } finally {
                    connections.remove(connection);
                }
            };
            daemon(work, "nbd-server negotiation").start();
        } catch (RuntimeException | OutOfMemoryError e) { // no thread is to be had
            connections.remove(connection);
            throw e;
        }
        if (closed.get()) {
            connection.endNow(); // close() may have looked before it was in the set
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
