package io.migratekit.source.extent;

/**
 * How much the next run holds at most. Zeros have a measure of their own: most targets make a GiB of them in no time, but
 * some write them out, and a run has to come to its commit there too. Asked for each run; at least one block is taken.
 */
public interface RunBytes {

    /** Returns the most bytes of DATA extents. */
    long dataBytes();

    /** Returns the most bytes of ZERO extents. */
    long zeroBytes();
}
