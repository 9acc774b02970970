package io.migratekit.target;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.client.NbdPipe;
import io.migratekit.nbd.client.Waiter;
import io.migratekit.source.Upstream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One side of a copy, reached again after it was lost: the one place where connections are retried. A peer that comes
 * back with another size or other abilities is another disk, and is refused.
 */
final class Peer implements AutoCloseable {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STOP_CHECK_MILLIS = 50;

    /**
     * Breaches of the protocol that are put up with: a server may be caught half-way through its start or its end, but no
     * network garbles a stream, so more of them are its software's own, even where it answers well in between.
     */
    private static final int VIOLATIONS_MAX = 3;

    private final String side;
    private final NbdUri uri;
    private final ClientOptions options;
    private final CopySettings settings;
    private final CopyProgress progress;
    private final Upstream upstream;
    private final StopSignal stop;
    private final Waiter waiter;
    private final ExportInfo export;
    private NbdPipe pipe;
    private boolean proven; // something can be read, so a read that fails fails by what is there
    private String reason = ""; // of the latest loss, as far as what stands behind the server knows it

    // Since when, and how often, it was lost without any progress in between.
    private int losses;
    private int reached; // connections among them that could be made, and brought nothing
    private long lostNanos;

    private int violations;

    /**
     * Connects to one side.
     *
     * @param answeredBefore whether it has answered a short while ago, so that it counts as lost, and is waited for, if it
     *     does not answer now
     */
    Peer(
            String side,
            NbdUri uri,
            boolean answeredBefore,
            CopySettings settings,
            Upstream upstream,
            CopyProgress progress,
            StopSignal stop,
            Waiter waiter,
            String... contexts)
            throws IOException {
        this.side = side;
        this.uri = uri;
        this.settings = settings;
        this.upstream = upstream;
        this.progress = progress;
        this.stop = stop;
        this.waiter = waiter;
        this.options = new ClientOptions(settings.connectTimeout(), settings.requestTimeout(), List.of(contexts));
        this.pipe = first(answeredBefore);
        this.export = pipe.export();
    }

    private NbdPipe first(boolean answeredBefore) throws IOException {
        try {
            return NbdPipe.open(uri, options, waiter);
        } catch (NbdException e) {
            if (!answeredBefore && !opensAnew()) {
                throw e;
            }
            return again(e);
        }
    }

    NbdPipe pipe() {
        return pipe;
    }

    NbdUri uri() {
        return uri;
    }

    ExportInfo export() {
        return export;
    }

    /** Tells whether a new connection opens anew what stands behind the server, so that failed reads may be worth one. */
    boolean opensAnew() {
        return !upstream.patience().isZero();
    }

    /** Tells whether something could be read since it was connected to, by us or by a trial. */
    boolean proven() {
        return proven;
    }

    /** Returns what is known of why it was lost last, as the end of a message. */
    String knownReason() {
        return reason.isEmpty() ? "" : " (" + reason + ")";
    }

    /** Forgets earlier losses: something was achieved since, and will not be lost with this peer. */
    void achieved() {
        proven = true;
        losses = 0;
        reached = 0;
    }

    /**
     * Connects again, as long as the settings allow; what was in flight is dropped.
     *
     * @throws CopyException.Lost if it stays away, or comes back and says nothing
     * @throws CopyException.Misbehaved if it has broken the protocol too often
     * @throws CopyException.Stopped if a stop is asked for meanwhile
     * @throws CopyException.Refused if another disk answers
     * @throws io.migratekit.source.SourceException if what stands behind the server says that this is of no use
     */
    void reconnect(NbdException loss) throws IOException {
        pipe.close();
        pipe = again(loss);
        checkSame(pipe.export());
        proven = opensAnew() && upstream.serves();
    }

    private NbdPipe again(NbdException loss) throws IOException {
        NbdException why = loss;
        if (losses == 0) {
            lostNanos = System.nanoTime();
        }
        while (true) {
            checkViolations(why);
            losses++;
            reason = upstream.failed(why.getMessage()).orElse("");
            progress.events().reconnecting(side, why.getMessage() + knownReason(), losses);
            if (losses > 1) {
                pause(why);
            }
            try {
                NbdPipe opened = NbdPipe.open(uri, options, waiter);
                reached++;
                progress.reconnected();
                progress.events().reconnected(side, losses);
                return opened;
            } catch (NbdException e) {
                why = e;
            }
        }
    }

    @Override
    public void close() {
        pipe.close();
    }

    private void pause(NbdException why) throws CopyException {
        long untilNanos =
                System.nanoTime() + Math.min(LONGEST_PAUSE_NANOS, FIRST_PAUSE_NANOS << Math.min(losses - 2, 10));
        while (System.nanoTime() < untilNanos) {
            if (stop.stopping()) {
                throw new CopyException.Stopped(
                        "stopped while the %s %s was away; what was committed stays".formatted(side, uri), why);
            }
            if (System.nanoTime() - lostNanos > patienceNanos()) {
                throw lost(why);
            }
            try {
                Thread.sleep(STOP_CHECK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CopyException.Stopped("interrupted while the %s %s was away".formatted(side, uri), e);
            }
        }
    }

    private long patienceNanos() {
        return Math.max(
                settings.reconnectTimeout().toNanos(), upstream.patience().toNanos());
    }

    private void checkViolations(NbdException why) throws CopyException.Misbehaved {
        if (why instanceof NbdException.Violation && ++violations > VIOLATIONS_MAX) {
            throw new CopyException.Misbehaved(
                    "the %s %s broke the protocol %d times, last: %s. Its answers cannot be trusted: check which server (and which version) listens there and what its log says, update or replace it, then run the same command, without --mode full; a copy goes on from its last commit"
                            .formatted(side, uri, violations, why.getMessage()),
                    why);
        }
    }

    private CopyException.Lost lost(NbdException why) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(patienceNanos());
        String last = why.getMessage() + knownReason();
        String goesOn = "then run the same command, without --mode full; a copy goes on from its last commit";
        if (reached == losses - 1) { // every connection could be made again
            return new CopyException.Lost(
                    "the %s %s lets us connect but got nowhere for %d s (%d attempts), last: %s. Check the log of its server and the storage behind it, %s"
                            .formatted(side, uri, seconds, losses, last, goesOn),
                    why);
        }
        return new CopyException.Lost(
                "the %s %s stayed away for %d s (%d attempts), last: %s. Bring it back, %s"
                        .formatted(side, uri, seconds, losses, last, goesOn),
                why);
    }

    private void checkSame(ExportInfo now) throws CopyException.Refused {
        if (now.blockBytesMin() > export.blockBytesMin() || now.payloadBytesMax() < export.payloadBytesMax()) {
            pipe.close();
            throw new CopyException.Refused(
                    "the %s %s came back with other block sizes (at least %d, at most %d bytes; before %d and %d). Run the same command again, without --mode full; a copy goes on from its last commit"
                            .formatted(
                                    side,
                                    uri,
                                    now.blockBytesMin(),
                                    now.payloadBytesMax(),
                                    export.blockBytesMin(),
                                    export.payloadBytesMax()));
        }
        if (now.sizeBytes() != export.sizeBytes() || now.flags() != export.flags()) {
            pipe.close();
            throw new CopyException.Refused(
                    "the %s %s came back as another disk: %d bytes with flags %x, before %d bytes with flags %x. Check what is served there"
                            .formatted(side, uri, now.sizeBytes(), now.flags(), export.sizeBytes(), export.flags()));
        }
    }
}
