package io.migratekit.target;

import io.migratekit.nbd.NbdUri;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;

/** Passes bytes between a client and a server, and cuts connection i after so many bytes in one direction. */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Path socket;
    private final Path server;
    private final AtomicInteger connections = new AtomicInteger();
    private final IntToLongFunction requestBytes;
    private final IntToLongFunction replyBytes;

    /**
     * Starts.
     *
     * @param requestBytes how much of the client's bytes connection i (from 0) lets through before it is cut
     * @param replyBytes the same for the server's bytes
     */
    CuttingProxy(Path folder, Path server, IntToLongFunction requestBytes, IntToLongFunction replyBytes)
            throws IOException {
        this.server = server;
        this.requestBytes = requestBytes;
        this.replyBytes = replyBytes;
        socket = folder.resolve("proxy-" + System.nanoTime() + ".sock");
        listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        start(this::acceptAll);
    }

    /** Cuts the first {@code count} connections after {@code bytes} bytes in both directions. */
    static CuttingProxy cutting(Path folder, Path server, int count, long bytes) throws IOException {
        IntToLongFunction limit = i -> i < count ? bytes : Long.MAX_VALUE;
        return new CuttingProxy(folder, server, limit, limit);
    }

    NbdUri uri(String exportName) {
        return NbdUri.unix(socket, exportName);
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void acceptAll() {
        while (listener.isOpen()) {
            try {
                SocketChannel client = listener.accept();
                SocketChannel upstream = SocketChannel.open(UnixDomainSocketAddress.of(server));
                int number = connections.getAndIncrement();
                start(() -> pass(client, upstream, requestBytes.applyAsLong(number)));
                start(() -> pass(upstream, client, replyBytes.applyAsLong(number)));
            } catch (IOException e) {
                // closed, or the server is away; then the client is let go by the garbage collector's time
            }
        }
    }

    private static void pass(SocketChannel from, SocketChannel to, long limitBytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(16 << 10);
        long left = limitBytes;
        try (from;
                to) {
            while (left > 0 && from.read(buffer.clear().limit((int) Math.min(buffer.capacity(), left))) >= 0) {
                buffer.flip();
                left -= buffer.remaining();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        } catch (IOException e) {
            // the other direction has closed both
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cutting proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
