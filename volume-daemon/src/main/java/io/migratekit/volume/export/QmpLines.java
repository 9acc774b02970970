package io.migratekit.volume.export;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/** Lines on a unix socket, with a limit to how long one may take. Confined to one thread. */
final class QmpLines implements Closeable {
    /** A thousand nodes with all their properties are one line of a megabyte. */
    private static final int LINE_BYTES_MAX = 64 << 20;

    private static final int BUFFER_BYTES = 256 << 10;

    private final Path path;
    private final SocketChannel socket;
    private final Selector selector;
    private final SelectionKey key;
    private final ByteBuffer arrived = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    private QmpLines(Path path, SocketChannel socket, Selector selector) throws IOException {
        this.path = path;
        this.socket = socket;
        this.selector = selector;
        key = socket.register(selector, 0);
    }

    static QmpLines connect(Path path) throws IOException {
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = null;
        try {
            socket.configureBlocking(false);
            if (!socket.connect(UnixDomainSocketAddress.of(path))) {
                throw new IOException(
                        "%s has more callers waiting than it takes; does its process hang?".formatted(path));
            }
            selector = Selector.open();
            return new QmpLines(path, socket, selector);
        } catch (IOException | RuntimeException e) {
            socket.close();
            if (selector != null) {
                selector.close();
            }
            throw e;
        }
    }

    /** Sends bytes that end with a line feed. */
    void send(byte[] line, Duration timeout) throws IOException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        ByteBuffer rest = ByteBuffer.wrap(line);
        while (rest.hasRemaining()) {
            if (socket.write(rest) == 0) {
                await(SelectionKey.OP_WRITE, deadlineNanos);
            }
        }
    }

    /** Returns the next line, without its end. */
    byte[] receive(Duration timeout) throws IOException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (!takeLine(line)) {
            if (line.size() > LINE_BYTES_MAX) {
                throw new IOException(
                        "%s sends more than %d bytes in one line; is it QMP?".formatted(path, LINE_BYTES_MAX));
            }
            fill(deadlineNanos);
        }
        return line.toByteArray();
    }

    @Override
    public void close() throws IOException {
        try {
            selector.close();
        } finally {
            socket.close();
        }
    }

    /** Moves what has arrived up to a line's end; true if that was there. */
    private boolean takeLine(ByteArrayOutputStream line) {
        int start = arrived.position();
        int end = start;
        while (end < arrived.limit() && arrived.get(end) != '\n') {
            end++;
        }
        line.write(arrived.array(), start, end - start);
        boolean complete = end < arrived.limit();
        arrived.position(complete ? end + 1 : end);
        return complete;
    }

    private void fill(long deadlineNanos) throws IOException {
        arrived.clear();
        int got = socket.read(arrived);
        while (got == 0) {
            await(SelectionKey.OP_READ, deadlineNanos);
            got = socket.read(arrived);
        }
        arrived.flip();
        if (got < 0) {
            throw new EOFException("%s was closed by the other side".formatted(path));
        }
    }

    private void await(int operation, long deadlineNanos) throws IOException {
        long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new IOException("%s does not answer in time".formatted(path));
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new IOException("interrupted while %s was asked".formatted(path));
        }
        key.interestOps(operation);
        selector.select(millis);
        selector.selectedKeys().clear();
    }
}
