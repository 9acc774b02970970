package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One connection with many requests under way. The owner submits requests and calls {@link #pump} in a loop, with {@link
 * Waiter#await} in between; nothing blocks. After an exception from {@link #pump} the connection is of no more use: what
 * was in flight is unknown. Confined to one thread.
 */
public final class NbdPipe implements AutoCloseable {
    /** Requests in flight at most; the cookie's low 16 bits are the slot. */
    private static final int SLOTS = 4096;

    /** Buffers handed to one gathering write; IOV_MAX of Linux is 1024, and more than this gains nothing. */
    private static final int GATHERED = 32;

    private final Link link;
    private final Negotiation.Agreed agreed;
    private final ReplyDecoder decoder;
    private final long silenceNanosMax;
    private final @Nullable NbdRequest[] inFlight = new NbdRequest[SLOTS];
    private final int[] freeSlots = new int[SLOTS];
    private int freeCount = SLOTS;
    private long generation;
    private final ArrayDeque<NbdRequest> sendQueue = new ArrayDeque<>();
    private final ArrayDeque<NbdRequest> backlog = new ArrayDeque<>(); // without a slot yet
    private final ByteBuffer[] gathered = new ByteBuffer[GATHERED];
    private long heardNanos = System.nanoTime();

    private NbdPipe(Link link, Negotiation.Agreed agreed, ClientOptions options) {
        this.link = link;
        this.agreed = agreed;
        this.silenceNanosMax = options.requestTimeout().toNanos();
        this.decoder = new ReplyDecoder(link, agreed, this::find, this::finish);
        for (int i = 0; i < SLOTS; i++) {
            freeSlots[i] = SLOTS - 1 - i;
        }
    }

    /**
     * Connects and negotiates.
     *
     * @throws NbdException.Refused if the server says no; trying again does not help
     * @throws NbdException.Disconnected if it cannot be reached now
     * @throws NbdException.Violation if it speaks something else
     */
    public static NbdPipe open(NbdUri uri, ClientOptions options, Waiter waiter) throws NbdException {
        Link link = Link.connect(uri, options.connectTimeout(), waiter);
        try {
            return new NbdPipe(link, new Negotiation(link).go(options.metaContexts()), options);
        } catch (NbdException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** Returns what the server said of the export. */
    public ExportInfo export() {
        return agreed.export();
    }

    /** Returns how many requests wait for an answer. */
    public int inFlight() {
        return SLOTS - freeCount + backlog.size();
    }

    /** Tells whether what is submitted now is sent with the next {@link #pump}. */
    public boolean hasRoom() {
        return freeCount > 0;
    }

    /** Takes a prepared request; sends it with the next {@link #pump}, or later where there is no room. */
    public void submit(NbdRequest request) {
        if (freeCount == 0) {
            backlog.add(request);
        } else {
            enter(request);
        }
    }

    private void enter(NbdRequest request) {
        if (freeCount == SLOTS) {
            heardNanos = System.nanoTime(); // silence counts from the first question
        }
        int slot = freeSlots[--freeCount];
        inFlight[slot] = request;
        request.stamp((++generation << 16) | slot);
        sendQueue.add(request);
    }

    /**
     * Sends and receives what can be moved without waiting, up to one finished READ, so that its data can be passed on
     * while it is in the processor's cache.
     *
     * @return whether anything moved
     */
    public boolean pump() throws NbdException {
        try {
            boolean sent = send();
            boolean received = decoder.receive();
            if (sent || received) {
                heardNanos = System.nanoTime();
            }
            return sent || received;
        } catch (NbdException e) {
            link.close(); // nobody can tell where the next reply begins
            throw e;
        } catch (IOException e) {
            link.close();
            throw new NbdException.Disconnected(
                    "the connection to %s broke with %d requests under way: %s"
                            .formatted(link.uri(), inFlight(), Link.words(e)),
                    e);
        }
    }

    /** Ends the connection if the server owes an answer for longer than the options allow. */
    public void checkSilence() throws NbdException.Disconnected {
        if (freeCount < SLOTS && !decoder.paused() && System.nanoTime() - heardNanos > silenceNanosMax) {
            throw new NbdException.Disconnected("%s owes %d answers and has been silent for %d s; is it hanging?"
                    .formatted(link.uri(), inFlight(), silenceNanosMax / 1_000_000_000L));
        }
    }

    /** Says goodbye if that is possible at once, and closes. What is in flight is dropped. */
    @Override
    public void close() {
        if (sendQueue.isEmpty() && freeCount == SLOTS) {
            sayGoodbye();
        }
        link.close();
    }

    boolean readyWithoutSocket() {
        return link.buffered() && !decoder.paused();
    }

    void showInterest() {
        link.showInterest(!decoder.paused(), !sendQueue.isEmpty() || link.holdsOutput());
    }

    private boolean send() throws IOException {
        boolean moved = false;
        while (!sendQueue.isEmpty()) {
            int count = gather();
            long written = link.write(gathered, 0, count);
            moved |= written > 0;
            retireSent();
            if (written == 0 || hasUnsent(count)) {
                break;
            }
        }
        link.flushed();
        return moved;
    }

    private int gather() {
        int count = 0;
        for (NbdRequest request : sendQueue) {
            if (count + 2 > GATHERED) {
                break;
            }
            gathered[count++] = request.header();
            ByteBuffer payload = request.payload();
            if (payload != null) {
                gathered[count++] = payload;
            }
        }
        return count;
    }

    private boolean hasUnsent(int count) {
        return gathered[count - 1].hasRemaining();
    }

    private void retireSent() {
        while (!sendQueue.isEmpty()) {
            NbdRequest first = sendQueue.element();
            ByteBuffer payload = first.payload();
            if (first.header().hasRemaining() || (payload != null && payload.hasRemaining())) {
                return;
            }
            sendQueue.remove();
            first.markSent();
            first.sent();
            if (first.answeredEarly()) {
                finish(first);
            }
        }
    }

    private @Nullable NbdRequest find(long cookie) {
        NbdRequest request = inFlight[(int) (cookie & (SLOTS - 1))];
        boolean owed = request != null && request.header().getLong(8) == cookie && !request.answeredEarly();
        return owed ? request : null;
    }

    /** Ends a request; one that is still being sent (its server refused it on sight) ends once all of it is sent. */
    private void finish(NbdRequest request) {
        if (!request.isSent()) {
            request.markAnsweredEarly();
            return;
        }
        int slot = (int) (request.header().getLong(8) & (SLOTS - 1));
        inFlight[slot] = null;
        freeSlots[freeCount++] = slot;
        NbdRequest next = backlog.poll();
        if (next != null) {
            enter(next);
        }
        request.completed();
    }

    private void sayGoodbye() {
        NbdRequest goodbye = new NbdRequest() {
            @Override
            protected void completed() {}
        };
        goodbye.prepare(Command.DISCONNECT, 0, 0, 0, null);
        try {
            link.write(new ByteBuffer[] {goodbye.header()}, 0, 1);
            link.flushed();
        } catch (IOException e) {
            // the server is gone before we are; a goodbye has no answer anyway
        }
    }
}
