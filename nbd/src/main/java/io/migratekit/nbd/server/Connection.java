package io.migratekit.nbd.server;

import io.migratekit.nbd.tls.TlsChannel;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** One client, served by one thread from greeting to goodbye. */
final class Connection implements Runnable, Negotiation.Host {
    private static final Logger LOG = System.getLogger("io.migratekit.nbd.server");

    /** Given to clients of a removed export to take their last replies. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Duration READING_TIME = Duration.ofMillis(200);

    private final SocketChannel socket;
    private final ServerRoom room;
    private final Inbound in;
    private final Outbound out;
    private final ByteBuffer inBuffer;
    private final ByteBuffer outBuffer;
    private final RequestGate gate;
    private @Nullable Export entered;
    private @Nullable TlsChannel tls;

    /** What connections share with their server. */
    record ServerRoom(
            Exports exports,
            ServerOptions options,
            Optional<SSLContext> tls,
            boolean verifyClients,
            BufferPool inBuffers,
            BufferPool outBuffers,
            ScheduledExecutorService clock) {}

    Connection(SocketChannel socket, ServerRoom room) {
        this.socket = socket;
        this.room = room;
        inBuffer = room.inBuffers().take();
        outBuffer = room.outBuffers().take();
        out = new Outbound(socket, outBuffer);
        in = new Inbound(socket, inBuffer, out);
        gate = new RequestGate(socket);
    }

    @Override
    public void run() {
        Future<?> deadline = endAfter(room.options().negotiationTimeout());
        try {
            Optional<Agreement> agreement = new Negotiation(in, out, room.exports(), this).run();
            deadline.cancel(false);
            if (agreement.isPresent()) {
                Thread.currentThread()
                        .setName("nbd-server " + agreement.get().export().name());
                new RequestLoop(agreement.get(), in, out).run(gate);
                leaveExport();
            }
            sayGoodbye();
        } catch (ProtocolBreach e) {
            LOG.log(Level.WARNING, "an NBD client was disconnected: it sent {0}", e.getMessage());
        } catch (EOFException | ClosedChannelException e) {
            LOG.log(Level.DEBUG, "an NBD client went away: {0}", e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.INFO, "the connection of an NBD client ended: {0}", e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "an NBD connection ended by a fault of the server or its device", e);
        } finally {
            deadline.cancel(false);
            release();
        }
    }

    @Override
    public boolean tlsDemanded() {
        return room.tls().isPresent();
    }

    @Override
    public void startTls() throws IOException {
        TlsChannel channel = TlsChannel.server(socket, room.tls().orElseThrow(), room.verifyClients());
        in.replaceChannel(channel);
        out.replaceChannel(channel);
        tls = channel;
        channel.handshake(room.options().negotiationTimeout());
    }

    @Override
    public boolean enter(Export export) {
        if (!export.enter(this)) {
            return false;
        }
        entered = export;
        return true;
    }

    /** Ends after the requests that have arrived are answered; called by any thread. */
    void endSoon() {
        try {
            gate.shut();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the client was gone before its export: {0}", e.getMessage());
        }
    }

    /** Ends at once, but for a request that the device is working on; called by any thread. */
    void endNow() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a connection: {0}", e.getMessage());
        }
    }

    /**
     * Ends our side and waits a moment for the client to end its own: a socket closed with requests unread would throw
     * away replies that are still on their way. So would one whose both sides are ended when another request arrives;
     * a client that may still be sending is given the time to read before that. The export is left already, so its
     * removal does not wait for this.
     */
    private void sayGoodbye() throws IOException {
        if (gate.inputEnded()) {
            LockSupport.parkNanos(READING_TIME.toNanos());
        }
        if (tls != null) {
            tls.shutdownOutput();
        } else {
            socket.shutdownOutput();
        }
        if (gate.isShut()) {
            Future<?> deadline = endAfter(LINGER);
            in.discardAll();
            deadline.cancel(false);
        }
    }

    private Future<?> endAfter(Duration delay) {
        try {
            return room.clock().schedule(this::endNow, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            endNow(); // the server is closed
            return CompletableFuture.completedFuture(null);
        }
    }

    private void leaveExport() {
        if (entered != null) {
            entered.leave(this);
            entered = null;
        }
    }

    private void release() {
        endNow();
        leaveExport();
        room.inBuffers().giveBack(inBuffer);
        room.outBuffers().giveBack(outBuffer);
    }
}
