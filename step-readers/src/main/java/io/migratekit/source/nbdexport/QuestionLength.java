package io.migratekit.source.nbdexport;

/** How much of a disk to ask about at once: as much as possible, but no answers that fill the memory. */
final class QuestionLength {
    /** Below 4 GiB, as the length field has 32 bits, and a multiple of every minimum block. */
    static final long BYTES_MAX = 0xffff_0000L;

    static final long BYTES_MIN = 64 << 20;

    /** An answer with more runs than this, about 10 MiB in memory, makes the next question shorter. */
    static final int RUNS_MAX = 1 << 17;

    private long bytes = BYTES_MAX;

    long bytes() {
        return bytes;
    }

    /** Learns from an answer's number of runs. */
    void answered(int runs) {
        if (runs > RUNS_MAX) {
            bytes = Math.max(BYTES_MIN, (bytes / 2) & -BYTES_MIN);
        } else if (runs < RUNS_MAX / 4) {
            bytes = Math.min(BYTES_MAX, bytes * 2);
        }
    }
}
