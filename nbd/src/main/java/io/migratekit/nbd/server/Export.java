package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A device under a name, and who is connected to it. Once ended it lets nobody in. */
final class Export {
    private final String name;
    private final ExportDevice device;
    private final ExportOptions options;
    private final long sizeBytes;
    private final Set<Connection> connections = new HashSet<>(); // guarded by this
    private boolean ended; // guarded by this

    Export(String name, ExportDevice device, ExportOptions options) {
        this.name = name;
        this.device = device;
        this.options = options;
        this.sizeBytes = device.sizeBytes();
    }

    String name() {
        return name;
    }

    ExportDevice device() {
        return device;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    boolean readOnly() {
        return options.readOnly();
    }

    String description() {
        return options.description();
    }

    /** Transmission flags, 2 bytes. Several connections are safe: a flush on one covers the writes of all. */
    int flags(boolean structured) {
        int both = Transmission.HAS_FLAGS
                | Transmission.CAN_MULTI_CONN
                | Transmission.SEND_CACHE
                | (structured ? Transmission.SEND_DF : 0);
        if (readOnly()) {
            return both | Transmission.READ_ONLY;
        }
        return both
                | Transmission.SEND_FLUSH
                | Transmission.SEND_FUA
                | Transmission.SEND_TRIM
                | Transmission.SEND_WRITE_ZEROES
                | Transmission.SEND_FAST_ZERO;
    }

    /** Lets a connection in; false if the export has ended meanwhile. */
    synchronized boolean enter(Connection connection) {
        return !ended && connections.add(connection);
    }

    synchronized void leave(Connection connection) {
        connections.remove(connection);
        notifyAll();
    }

    synchronized int connectionCount() {
        return connections.size();
    }

    /**
     * Ends the connections and, when no request can touch the device any more, closes it. Waits for requests that the
     * device is working on, however long that takes: a caller that fences relies on it.
     */
    void end(Duration grace) throws IOException {
        synchronized (this) {
            ended = true;
        }
        present().forEach(Connection::endSoon);
        awaitEmpty(System.nanoTime() + grace.toNanos());
        // Whoever has left is saying goodbye: to cut that off would throw away replies that are still on their way.
        present().forEach(Connection::endNow);
        awaitEmpty(Long.MAX_VALUE);
        device.close();
    }

    private synchronized List<Connection> present() {
        return List.copyOf(connections);
    }

    private synchronized void awaitEmpty(long deadlineNanos) {
        boolean interrupted = false;
        while (!connections.isEmpty()) {
            long millis = deadlineNanos == Long.MAX_VALUE ? 1000 : (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                break;
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                interrupted = true; // fencing must be complete; the caller learns of it afterwards
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
