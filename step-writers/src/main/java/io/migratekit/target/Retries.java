package io.migratekit.target;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.client.NbdRequest;
import io.migratekit.nbd.wire.ErrorCode;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What becomes of requests that failed: another try later, a new connection, or the end of the copy. */
final class Retries {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final int attemptsMax;
    private final CopyProgress progress;
    private final WaitingPieces waiting = new WaitingPieces();
    private @Nullable NbdException
            lost; // a read failed, and only a new connection opens what is behind the source anew
    private @Nullable CopyException failure;

    Retries(CopySettings settings, CopyProgress progress) {
        this.attemptsMax = settings.attemptsMax();
        this.progress = progress;
    }

    /** Ends the copy. */
    void fail(Peer peer, NbdRequest request, ErrorCode error) {
        if (failure == null) {
            failure = Failures.of(peer, request, error);
        }
    }

    void throwFailure() throws CopyException {
        if (failure != null) {
            throw failure;
        }
    }

    /** Lets the caller connect to the source anew, if a read has failed that this may mend. */
    void throwLost() throws NbdException {
        NbdException thrown = lost;
        lost = null;
        if (thrown != null) {
            throw thrown;
        }
    }

    /** Takes a read that the source still owes. While nothing at all can be read, that says nothing about the piece. */
    void onNewConnection(Piece piece, Peer source, ErrorCode error) {
        piece.attempts += source.proven() ? 1 : 0;
        if (piece.attempts >= attemptsMax) {
            fail(source, piece.read, error);
        } else if (lost == null) {
            lost = new NbdException.RequestFailed(error, Failures.words(source, piece.read, error));
        }
    }

    void later(Piece piece, Peer peer, NbdRequest request, ErrorCode error) {
        boolean mayPass = Failures.mayPass(error);
        if (mayPass && piece.state == Piece.State.WAITING) {
            return; // another part of the same attempt has failed already
        }
        piece.attempts++;
        if (!mayPass || piece.attempts >= attemptsMax) {
            fail(peer, request, error);
            return;
        }
        progress.events().retrying(Failures.words(peer, request, error), piece.attempts);
        waiting.add(piece, RETRY_NANOS << Math.min(piece.attempts - 1, 6));
    }

    /** Takes a piece that can be begun again at once. */
    void soon(Piece piece) {
        waiting.add(piece, 0);
    }

    void takeDue(Consumer<Piece> again) {
        waiting.takeDue(again);
    }

    void clear() {
        waiting.clear();
    }

    /** Returns how long to sleep at most. */
    long waitNanos(long nanosMax) {
        return waiting.waitNanos(nanosMax);
    }
}
