package io.migratekit.target;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Pieces to be tried again, each once its pause is over and the target has answered what it has of it. */
final class WaitingPieces {
    private final ArrayDeque<Piece> waiting = new ArrayDeque<>();

    /** Puts a piece aside; one that waits already waits this long from now on. */
    void add(Piece piece, long pauseNanos) {
        piece.retryNanos = System.nanoTime() + pauseNanos;
        if (piece.state != Piece.State.WAITING) {
            piece.state = Piece.State.WAITING;
            waiting.add(piece);
        }
    }

    /** Hands out the pieces whose time has come. */
    void takeDue(Consumer<Piece> taker) {
        for (int i = waiting.size(); i > 0; i--) {
            Piece piece = waiting.remove();
            if (piece.quiet() && piece.retryNanos - System.nanoTime() <= 0) {
                taker.accept(piece);
            } else {
                waiting.add(piece);
            }
        }
    }

    /** Returns how long to sleep at most until one may be due; what the target still owes ends a sleep by itself. */
    long waitNanos(long nanosMax) {
        long nanos = nanosMax;
        for (Piece piece : waiting) {
            if (piece.quiet()) {
                nanos = Math.min(nanos, Math.max(0, piece.retryNanos - System.nanoTime()));
            }
        }
        return nanos;
    }

    void clear() {
        waiting.clear();
    }
}
