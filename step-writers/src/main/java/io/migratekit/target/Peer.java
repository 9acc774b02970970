package io.migratekit.target;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.client.NbdPipe;
import io.migratekit.nbd.client.Waiter;
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
    private final StopSignal stop;
    private final Waiter waiter;
    private final ExportInfo export;
    private NbdPipe pipe;

    // Since when, and how often, it was lost without any progress in between.
    private int losses;
    private int reached; // connections among them that could be made, and brought nothing
    private long lostNanos;

    private int violations;

    Peer(
            String side,
            NbdUri uri,
            CopySettings settings,
            CopyProgress progress,
            StopSignal stop,
            Waiter waiter,
            String... contexts)
            throws NbdException {
        this.side = side;
        this.uri = uri;
        this.settings = settings;
        this.progress = progress;
        this.stop = stop;
        this.waiter = waiter;
        this.options = new ClientOptions(settings.connectTimeout(), settings.requestTimeout(), List.of(contexts));
        this.pipe = NbdPipe.open(uri, options, waiter);
        this.export = pipe.export();
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

    /** Forgets earlier losses: something was achieved since, and will not be lost with this peer. */
    void achieved() {
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
     */
    void reconnect(NbdException reason) throws CopyException {
        pipe.close();
        NbdException why = reason;
        if (losses == 0) {
            lostNanos = System.nanoTime();
        }
        while (true) {
            checkViolations(why);
            losses++;
            progress.events().reconnecting(side, why.getMessage(), losses);
            if (losses > 1) {
                pause(why);
            }
            try {
                pipe = NbdPipe.open(uri, options, waiter);
                checkSame(pipe.export());
                reached++;
                progress.reconnected();
                progress.events().reconnected(side, losses);
                return;
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
            if (System.nanoTime() - lostNanos > settings.reconnectTimeout().toNanos()) {
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

    private void checkViolations(NbdException why) throws CopyException.Misbehaved {
        if (why instanceof NbdException.Violation && ++violations > VIOLATIONS_MAX) {
            throw new CopyException.Misbehaved(
                    "the %s %s broke the protocol %d times, last: %s. Its answers cannot be trusted: check which server (and which version) listens there and what its log says, update or replace it, then run the same command; it goes on from the last commit"
                            .formatted(side, uri, violations, why.getMessage()),
                    why);
        }
    }

    private CopyException.Lost lost(NbdException why) {
        long seconds = settings.reconnectTimeout().toSeconds();
        String goesOn = "then run the same command; it goes on from the last commit";
        if (reached == losses - 1) { // every connection could be made again
            return new CopyException.Lost(
                    "the %s %s lets us connect but got nowhere for %d s (%d attempts), last: %s. Check the log of its server and the storage behind it, %s"
                            .formatted(side, uri, seconds, losses, why.getMessage(), goesOn),
                    why);
        }
        return new CopyException.Lost(
                "the %s %s stayed away for %d s (%d attempts), last: %s. Bring it back, %s"
                        .formatted(side, uri, seconds, losses, why.getMessage(), goesOn),
                why);
    }

    private void checkSame(ExportInfo now) throws CopyException.Refused {
        if (now.blockBytesMin() > export.blockBytesMin() || now.payloadBytesMax() < export.payloadBytesMax()) {
            pipe.close();
            throw new CopyException.Refused(
                    "the %s %s came back with other block sizes (at least %d, at most %d bytes; before %d and %d). Run the same command again; it goes on from the last commit"
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
