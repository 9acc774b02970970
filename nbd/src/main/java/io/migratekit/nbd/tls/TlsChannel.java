package io.migratekit.nbd.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * TLS over a connected socket, TCP or unix, in blocking or non-blocking mode; on a non-blocking socket reads and writes
 * move what can be moved at once. Confined to one thread, but {@link #close} may come from any. Call {@link #handshake}
 * once before anything else; after an exception only {@link #close} makes sense.
 */
public final class TlsChannel implements ByteChannel {
    /** TLS records gathered per write to the socket: fewer system calls; a record holds 16 KiB. */
    private static final int RECORDS_PER_WRITE = 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel socket;
    private final SSLEngine engine;

    /** Ciphertext from the socket, ready to be read from. */
    private final ByteBuffer received;

    /** Ciphertext for the socket, ready to be read from. */
    private final ByteBuffer sending;

    /** Plaintext that did not fit into the caller's buffer, ready to be read from. */
    private final ByteBuffer decrypted;

    /** The last unwrap found no whole record, so the socket must bring more first. */
    private boolean starved = true;

    private boolean ended;

    private TlsChannel(SocketChannel socket, SSLEngine engine) {
        this.socket = socket;
        this.engine = engine;
        int recordBytes = engine.getSession().getPacketBufferSize();
        // On the heap: the JDK's AES-GCM copies direct buffers piece by piece, which measured a fifth slower.
        received = ByteBuffer.allocate(recordBytes * RECORDS_PER_WRITE).flip();
        sending = ByteBuffer.allocate(recordBytes * RECORDS_PER_WRITE).flip();
        decrypted = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize())
                .flip();
    }

    /**
     * Prepares the client side.
     *
     * @param expectedName host name or address that the server's certificate must hold
     */
    public static TlsChannel client(SocketChannel socket, SSLContext context, String expectedName) throws IOException {
        return new TlsChannel(socket, TlsEngines.client(socket, context, expectedName));
    }

    /**
     * Prepares the server side.
     *
     * @param verifyClient whether the client must show a certificate that the context trusts
     */
    public static TlsChannel server(SocketChannel socket, SSLContext context, boolean verifyClient) {
        return new TlsChannel(socket, TlsEngines.server(context, verifyClient));
    }

    /**
     * Negotiates, waiting also where the socket is non-blocking.
     *
     * @param timeout after which a non-blocking socket gives up; on a blocking one the caller closes it instead
     * @throws IOException if the other side is not trusted, does not trust us, or is gone
     */
    public void handshake(Duration timeout) throws IOException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        try {
            engine.beginHandshake();
            while (!handshakeDone()) {
                if (!handshakeStep()) {
                    awaitSocket(deadlineNanos);
                }
            }
        } catch (SSLException e) {
            sendAlert();
            throw e;
        }
    }

    /**
     * Reads plaintext: at least a byte in blocking mode; 0 where the socket has nothing yet or {@code into} is full; -1
     * at the end of the stream.
     */
    @Override
    public int read(ByteBuffer into) throws IOException {
        int before = into.remaining();
        while (into.hasRemaining()) {
            if (decrypted.hasRemaining()) {
                move(decrypted, into);
            } else if (ended) {
                break;
            } else if (starved) {
                // Never wait for more while there is something to hand over.
                if (into.remaining() < before || !receive()) {
                    break;
                }
            } else {
                unwrap(into);
            }
        }
        int moved = before - into.remaining();
        return moved == 0 && ended && before > 0 ? -1 : moved;
    }

    /** Encrypts and sends; in non-blocking mode takes only what it can send or hold, which {@link #wantsWrite} tells. */
    @Override
    public int write(ByteBuffer from) throws IOException {
        int before = from.remaining();
        while (flushPending() && from.hasRemaining()) {
            sending.clear();
            try {
                int recordBytes = engine.getSession().getPacketBufferSize();
                while (from.hasRemaining() && sending.remaining() >= recordBytes) {
                    if (engine.wrap(from, sending).getStatus() == SSLEngineResult.Status.CLOSED) {
                        throw new IOException("the TLS connection is closed");
                    }
                    runTasks();
                }
            } finally {
                sending.flip();
            }
        }
        return before - from.remaining();
    }

    /** Tells whether {@link #read} may bring something without more bytes from the socket, which no selector sees. */
    public boolean pending() {
        return decrypted.hasRemaining() || ended || !starved;
    }

    /** Tells whether ciphertext waits for the socket to take it. */
    public boolean wantsWrite() {
        return sending.hasRemaining();
    }

    /** Sends held ciphertext; true if none is left. */
    public boolean flushPending() throws IOException {
        while (sending.hasRemaining()) {
            if (socket.write(sending) == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    /** Ends the socket at once; NBD has its own goodbye, so no TLS goodbye is owed. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Says goodbye to the other side where that is possible without waiting; called by the owning thread. */
    public void shutdownOutput() throws IOException {
        engine.closeOutbound();
        sendAlert();
        socket.shutdownOutput();
    }

    private boolean handshakeDone() {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING && !wantsWrite();
    }

    /** Does one step of the negotiation; false if the socket must become ready first. */
    private boolean handshakeStep() throws IOException {
        if (!flushPending()) {
            return false;
        }
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> runTasks();
            case NEED_WRAP -> wrapNothing();
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                if (starved && !receive()) {
                    if (ended) {
                        throw new IOException("the other side ended the connection during the TLS handshake");
                    }
                    return false;
                }
                unwrap(NOTHING);
            }
            case FINISHED, NOT_HANDSHAKING -> {}
        }
        return true;
    }

    private void awaitSocket(long deadlineNanos) throws IOException {
        try (Selector selector = Selector.open()) {
            socket.register(selector, wantsWrite() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (millis <= 0 || selector.select(millis) == 0) {
                throw new IOException("the TLS handshake was not answered in time");
            }
        }
    }

    /** Takes ciphertext from the socket; false if none came, then {@link #ended} tells why. */
    private boolean receive() throws IOException {
        received.compact();
        int got;
        try {
            got = socket.read(received);
        } finally {
            received.flip();
        }
        ended = got < 0;
        starved = got <= 0;
        return got > 0;
    }

    /** Decrypts one record straight into {@code into} where that is large enough, else into our own buffer. */
    private void unwrap(ByteBuffer into) throws IOException {
        boolean direct = into.remaining() >= engine.getSession().getApplicationBufferSize();
        SSLEngineResult result;
        if (direct) {
            result = engine.unwrap(received, into);
        } else {
            decrypted.clear();
            try {
                result = engine.unwrap(received, decrypted);
            } finally {
                decrypted.flip();
            }
        }
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW -> starved = true;
            case CLOSED -> ended = true;
            case BUFFER_OVERFLOW -> throw new SSLException("a TLS record is larger than the session allows");
            case OK -> starved = !received.hasRemaining();
        }
        afterUnwrap();
    }

    /** Answers what TLS itself asks for inside an established stream, such as a key update. */
    private void afterUnwrap() throws IOException {
        runTasks();
        if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP && !ended) {
            wrapNothing();
            flushPending();
        }
    }

    private void wrapNothing() throws IOException {
        sending.compact();
        try {
            engine.wrap(NOTHING, sending);
        } finally {
            sending.flip();
        }
    }

    private void runTasks() {
        while (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) {
            Runnable task = engine.getDelegatedTask();
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    /** Tells the other side why, as far as that goes without waiting; what led here is reported, not this. */
    private void sendAlert() {
        try {
            for (int records = 0; records < RECORDS_PER_WRITE && !engine.isOutboundDone(); records++) {
                wrapNothing();
                if (!flushPending()) {
                    return;
                }
            }
        } catch (IOException e) {
            // the connection is being given up anyway
        }
    }

    private static void move(ByteBuffer from, ByteBuffer into) {
        int count = Math.min(from.remaining(), into.remaining());
        into.put(into.position(), from, from.position(), count);
        into.position(into.position() + count);
        from.position(from.position() + count);
    }
}
