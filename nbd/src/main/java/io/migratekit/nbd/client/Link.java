package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.tls.TlsChannel;
import io.migratekit.nbd.tls.TlsFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A non-blocking stream to a server, plain or under TLS. Reads and writes move what can be moved at once; the
 * {@code …Fully} forms wait, and only the negotiation uses them.
 */
final class Link implements AutoCloseable {
    /** Asked of the kernel for sending: fewer wake-ups per request; the kernel may grant less. */
    private static final int SEND_BUFFER_BYTES = 4 << 20;

    private final NbdUri uri;
    private final SocketChannel socket;
    private final SelectionKey key;
    private final Waiter waiter;
    private final long deadlineNanos;
    private @Nullable TlsChannel tls;

    private Link(NbdUri uri, SocketChannel socket, SelectionKey key, Waiter waiter, long deadlineNanos) {
        this.uri = uri;
        this.socket = socket;
        this.key = key;
        this.waiter = waiter;
        this.deadlineNanos = deadlineNanos;
    }

    static Link connect(NbdUri uri, Duration timeout, Waiter waiter) throws NbdException {
        SocketChannel socket = null;
        try {
            SocketAddress address = address(uri);
            boolean unix = uri.address() instanceof NbdUri.Unix;
            socket = unix ? SocketChannel.open(java.net.StandardProtocolFamily.UNIX) : SocketChannel.open();
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
            if (!unix) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
                socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
            SelectionKey key = waiter.register(socket);
            Link link = new Link(uri, socket, key, waiter, System.nanoTime() + timeout.toNanos());
            if (!socket.connect(address)) {
                link.finishConnect();
            }
            return link;
        } catch (NbdException e) {
            closeQuietly(socket);
            throw e;
        } catch (IOException e) {
            closeQuietly(socket);
            throw new NbdException.Disconnected(
                    "no connection to %s: %s. Check that the server runs and listens there".formatted(uri, words(e)),
                    e);
        }
    }

    /** Puts TLS over the stream; called once, after the server's acknowledgement of STARTTLS. */
    void startTls() throws NbdException {
        Path folder = Path.of(uri.parameter("tls-certificates").orElse("/etc/pki/libnbd"));
        String expected = uri.parameter("tls-hostname").orElseGet(this::hostName);
        try {
            SSLContext context = TlsFiles.client(folder);
            tls = TlsChannel.client(socket, context, expected);
            tls.handshake(Duration.ofNanos(remainingNanos()));
        } catch (IOException e) {
            throw new NbdException.Refused(
                    "TLS with %s failed: %s. Check that ca-cert.pem in %s signed the server's certificate, that it names '%s', and whether the server wants a client certificate"
                            .formatted(uri, deepestWords(e), folder, expected),
                    e);
        }
    }

    /** Reads at most the remaining bytes of {@code into} without waiting; -1 at the end of the stream. */
    int read(ByteBuffer into) throws IOException {
        return tls == null ? socket.read(into) : tls.read(into);
    }

    /** Writes what can be taken without waiting. */
    long write(ByteBuffer[] from, int offset, int count) throws IOException {
        if (tls == null) {
            return socket.write(from, offset, count);
        }
        long written = 0;
        for (int i = offset; i < offset + count; i++) {
            written += tls.write(from[i]);
            if (from[i].hasRemaining()) {
                break;
            }
        }
        return written;
    }

    /** Tells whether decrypted bytes wait inside TLS, which no selector sees. */
    boolean buffered() {
        return tls != null && tls.pending();
    }

    /** Tells whether TLS holds bytes that the socket has not taken. */
    boolean holdsOutput() {
        return tls != null && tls.wantsWrite();
    }

    /** Pushes out what TLS holds; true if nothing is left. */
    boolean flushed() throws IOException {
        return tls == null || tls.flushPending();
    }

    void showInterest(boolean read, boolean write) {
        int ops = (read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0);
        if (key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }

    void readFully(ByteBuffer into) throws NbdException {
        try {
            while (into.hasRemaining()) {
                checkDeadline(); // also where the server never pauses: it could go on for ever
                int got = read(into);
                if (got < 0) {
                    throw new NbdException.Disconnected(
                            "%s closed the connection during the negotiation; see the server's log".formatted(uri));
                }
                if (got == 0) {
                    sleep(SelectionKey.OP_READ);
                }
            }
        } catch (NbdException e) {
            throw e;
        } catch (IOException e) {
            throw new NbdException.Disconnected("%s ended the negotiation: %s".formatted(uri, words(e)), e);
        }
    }

    void writeFully(ByteBuffer from) throws NbdException {
        ByteBuffer[] one = {from};
        try {
            while (from.hasRemaining() || !flushed()) {
                if (write(one, 0, 1) == 0 && (from.hasRemaining() || !flushed())) {
                    sleep(SelectionKey.OP_WRITE);
                }
            }
        } catch (NbdException e) {
            throw e;
        } catch (IOException e) {
            throw new NbdException.Disconnected("%s ended the negotiation: %s".formatted(uri, words(e)), e);
        }
    }

    NbdUri uri() {
        return uri;
    }

    @Override
    public void close() {
        key.cancel();
        closeQuietly(socket);
    }

    /** The JDK wraps what is wrong with a certificate in class names, which say nothing to a person. */
    private static String deepestWords(IOException e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? words(e) : deepest.getMessage();
    }

    static String words(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void finishConnect() throws IOException {
        while (!socket.finishConnect()) {
            sleep(SelectionKey.OP_CONNECT);
        }
    }

    private void sleep(int interest) throws IOException {
        checkDeadline();
        waiter.await(key, interest, remainingNanos());
    }

    private void checkDeadline() throws NbdException {
        if (remainingNanos() <= 0) {
            throw new NbdException.Disconnected(
                    "%s did not answer in time. Check that it is an NBD server and reachable".formatted(uri));
        }
    }

    private long remainingNanos() {
        return deadlineNanos - System.nanoTime();
    }

    private String hostName() {
        return uri.address() instanceof NbdUri.Tcp tcp ? tcp.host() : "localhost";
    }

    private static SocketAddress address(NbdUri uri) throws IOException {
        if (uri.address() instanceof NbdUri.Tcp tcp) {
            InetSocketAddress address = new InetSocketAddress(tcp.host(), tcp.port());
            if (address.isUnresolved()) {
                throw new IOException("the name '" + tcp.host() + "' is unknown");
            }
            return address;
        }
        return UnixDomainSocketAddress.of(((NbdUri.Unix) uri.address()).path());
    }

    private static void closeQuietly(@Nullable SocketChannel socket) {
        if (socket == null) {
            return;
        }
        try {
            socket.close();
        } catch (IOException e) {
            // the descriptor is gone either way, and what led here is reported by the caller
        }
    }
}
