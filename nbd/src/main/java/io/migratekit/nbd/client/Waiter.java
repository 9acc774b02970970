package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** Sleeps until one of several connections can go on. Confined to one thread, but for {@link #wake}. */
public final class Waiter implements AutoCloseable {
    private final Selector selector;

    private Waiter(Selector selector) {
        this.selector = selector;
    }

    /** Opens a waiter; one descriptor of the system. */
    public static Waiter open() throws NbdException {
        try {
            return new Waiter(Selector.open());
        } catch (IOException e) {
            throw new NbdException.Refused(
                    "the system gives no selector (%s); raise the limit of open files".formatted(e.getMessage()), e);
        }
    }

    SelectionKey register(SocketChannel channel) throws IOException {
        return channel.register(selector, 0);
    }

    /**
     * Sleeps until one of {@code pipes} can read or write, or for {@code nanos} at most.
     *
     * @param nanos 0 or less looks without sleeping
     */
    public void await(long nanos, NbdPipe... pipes) throws NbdException {
        for (NbdPipe pipe : pipes) {
            if (pipe.readyWithoutSocket()) {
                return;
            }
            pipe.showInterest();
        }
        try {
            select(nanos);
        } catch (IOException e) {
            throw new NbdException.Disconnected("waiting for NBD connections failed: " + e.getMessage(), e);
        }
    }

    /** Ends an {@link #await} that is under way, or the next one; the only call that may come from another thread. */
    public void wake() {
        selector.wakeup();
    }

    /** Sleeps for one connection only; what the others have ready would end the sleep at once, again and again. */
    void await(SelectionKey key, int interest, long nanos) throws IOException {
        for (SelectionKey other : selector.keys()) {
            if (other != key && other.isValid()) {
                other.interestOps(0);
            }
        }
        key.interestOps(interest);
        select(nanos);
    }

    private void select(long nanos) throws IOException {
        if (nanos <= 0) {
            selector.selectNow();
        } else {
            selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a selector failed", e);
        }
    }
}
