package io.migratekit.job.verification;

import io.migratekit.source.extent.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which parts of a disk a verification looks at.
 *
 * @param percent above 0 to 100
 * @param seed the same seed gives the same parts
 */
record Sample(double percent, long seed) {
    private static final long PIECE_BYTES_MIN = 1 << 20;
    private static final int PIECES_MAX = 2000;

    /** Returns the parts in ascending order, adjacent ones united; at least one where the disk has any byte. */
    List<ByteRange> of(long capacityBytes) {
        if (capacityBytes == 0) {
            return List.of();
        }
        if (percent >= 100) {
            return List.of(new ByteRange(0, capacityBytes));
        }
        long pieceBytes = PIECE_BYTES_MIN;
        while (capacityBytes / pieceBytes > PIECES_MAX) {
            pieceBytes *= 2;
        }
        SplittableRandom random = new SplittableRandom(seed);
        long certain = random.nextLong((capacityBytes - 1) / pieceBytes + 1);
        List<ByteRange> parts = new ArrayList<>();
        for (long piece = 0; piece * pieceBytes < capacityBytes; piece++) {
            if (random.nextDouble() * 100 < percent || piece == certain) {
                add(parts, piece * pieceBytes, Math.min(capacityBytes, (piece + 1) * pieceBytes));
            }
        }
        return parts;
    }

    private static void add(List<ByteRange> parts, long fromBytes, long untilBytes) {
        int last = parts.size() - 1;
        if (last >= 0 && parts.get(last).untilBytes() == fromBytes) {
            parts.set(last, new ByteRange(parts.get(last).fromBytes(), untilBytes));
        } else {
            parts.add(new ByteRange(fromBytes, untilBytes));
        }
    }
}
