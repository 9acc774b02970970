package io.migratekit.target;

import java.util.Arrays;

/** A disk whose unflushed writes are lost in a crash, all of them. Guarded by itself. */
final class FaultyDisk {
    private byte[] written;
    private byte[] durable;
    private int writes;

    FaultyDisk(byte[] content) {
        written = content.clone();
        durable = content.clone();
    }

    synchronized void read(long offsetBytes, byte[] into) {
        System.arraycopy(written, (int) offsetBytes, into, 0, into.length);
    }

    synchronized void write(long offsetBytes, byte[] from) {
        writes++;
        System.arraycopy(from, 0, written, (int) offsetBytes, from.length);
    }

    synchronized void zero(long offsetBytes, long lengthBytes) {
        writes++;
        Arrays.fill(written, (int) offsetBytes, (int) (offsetBytes + lengthBytes), (byte) 0);
    }

    synchronized void flush() {
        durable = written.clone();
    }

    /** Loses what was not flushed. */
    synchronized void crash() {
        written = durable.clone();
    }

    /** What would be there after a crash now. */
    synchronized byte[] durable() {
        return durable.clone();
    }

    synchronized byte[] written() {
        return written.clone();
    }

    /** How often anything was written. */
    synchronized int writes() {
        return writes;
    }

    int sizeBytes() {
        return written.length;
    }
}
