package io.migratekit.source.nbdexport;

import io.migratekit.nbd.server.AllocationRun;
import io.migratekit.nbd.server.ExportDevice;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A device of any size that is told how it is allocated.
 *
 * @param sizeBytes its size
 * @param allocation what begins at an offset, at most so long
 */
record PatternDevice(long sizeBytes, Allocation allocation) implements ExportDevice {
    /** Answers {@link ExportDevice#allocation}. */
    @FunctionalInterface
    interface Allocation {
        AllocationRun at(long offsetBytes, long lengthBytes);
    }

    /** All hole, and not known to read as zero. */
    static PatternDevice vague() {
        return new PatternDevice(1 << 20, (offset, length) -> new AllocationRun(length, true, false));
    }

    /** A stripe of data at the start of every period, and a hole behind it. */
    static PatternDevice striped(long sizeBytes, long dataBytes, long periodBytes) {
        return new PatternDevice(sizeBytes, (offset, length) -> {
            long phase = offset % periodBytes;
            return phase < dataBytes
                    ? AllocationRun.data(Math.min(length, dataBytes - phase))
                    : AllocationRun.emptyHole(Math.min(length, periodBytes - phase));
        });
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) {
        while (into.hasRemaining()) {
            into.put((byte) 7);
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        throw new IOException("read-only");
    }

    @Override
    public void flush() {
        // nothing is written
    }

    @Override
    public AllocationRun allocation(long offsetBytes, long lengthBytes) {
        return allocation.at(offsetBytes, lengthBytes);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
