package io.migratekit.target;

import io.migratekit.nbd.client.StatusRun;
import io.migratekit.nbd.wire.Transmission;
import java.util.BitSet;
import java.util.List;

/** Which requests of a window both sides call zero throughout, by their base:allocation. */
final class ZeroStatus {
    static final String CONTEXT = Transmission.BASE_ALLOCATION;

    private final long fromBytes;
    private final long untilBytes;
    private final int requestBytes;
    private final BitSet bothZero = new BitSet();
    private final BitSet notZero = new BitSet();

    ZeroStatus(long fromBytes, long untilBytes, int requestBytes) {
        this.fromBytes = fromBytes;
        this.untilBytes = untilBytes;
        this.requestBytes = requestBytes;
        bothZero.set(0, index(untilBytes - 1) + 1);
    }

    long fromBytes() {
        return fromBytes;
    }

    long untilBytes() {
        return untilBytes;
    }

    /** Takes a reply, which may begin before the window and end behind it; returns the position behind it. */
    long take(long positionBytes, List<StatusRun> runs) {
        long position = positionBytes;
        for (StatusRun run : runs) {
            long end = Math.min(position + run.lengthBytes(), untilBytes);
            long start = Math.max(position, fromBytes);
            if ((run.flags() & Transmission.STATE_ZERO) == 0 && end > start) {
                notZero.set(index(start), index(end - 1) + 1);
            }
            position = end;
        }
        return position;
    }

    /** Ends the questions to one side. */
    void nextSide() {
        bothZero.andNot(notZero);
    }

    /** A side cannot tell: nothing counts as zero. */
    void unknown() {
        bothZero.clear();
    }

    boolean bothZero(long positionBytes) {
        return bothZero.get(index(positionBytes));
    }

    private int index(long positionBytes) {
        return (int) (positionBytes / requestBytes - fromBytes / requestBytes);
    }
}
