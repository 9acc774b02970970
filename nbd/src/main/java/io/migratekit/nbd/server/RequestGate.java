package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * Lets requests in until the export is removed; then only those that had arrived. The connection's thread waits here,
 * the thread that removes an export calls {@link #shut}.
 */
final class RequestGate {
    /** Requests still answered after the removal: what a busy client usually has in flight, not what it can add. */
    private static final int LATE_REQUESTS_MAX = 64;

    private final SocketChannel socket;

    // Each thread sets its own flag before it looks at the other's, so one of them sees both.
    private volatile boolean shut;
    private volatile boolean waiting;
    private volatile boolean inputEnded;
    private int lateRequests;

    RequestGate(SocketChannel socket) {
        this.socket = socket;
    }

    /** Waits for the header of the next request; false at the end of the connection. */
    boolean awaitRequest(Inbound in, Outbound out) throws IOException {
        if (!shut && in.availableBytes() >= Transmission.REQUEST_BYTES) {
            return true;
        }
        if (!shut) {
            out.flush(); // before the flag goes up: this may wait for the client as well
            waiting = true;
            try {
                if (!shut) {
                    return in.await(Transmission.REQUEST_BYTES);
                }
            } finally {
                waiting = false;
            }
        }
        return awaitLateRequest(in);
    }

    /** Ends a wait for the next request; a request at work is finished and answered. */
    void shut() throws IOException {
        shut = true;
        if (waiting) {
            inputEnded = true;
            socket.shutdownInput();
        }
    }

    /** Tells whether a wait was ended, so that nothing of what the client still sends can be read. */
    boolean inputEnded() {
        return inputEnded;
    }

    boolean isShut() {
        return shut;
    }

    private boolean awaitLateRequest(Inbound in) throws IOException {
        if (++lateRequests > LATE_REQUESTS_MAX) {
            return false;
        }
        if (in.availableBytes() < Transmission.REQUEST_BYTES) {
            socket.configureBlocking(false);
            try {
                in.takeArrived();
            } finally {
                socket.configureBlocking(true);
            }
        }
        return in.availableBytes() >= Transmission.REQUEST_BYTES;
    }
}
