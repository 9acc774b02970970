package io.migratekit.nbd.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What an export serves: a fixed number of bytes. Called by many threads at once, always with ranges inside the device
 * and at least a byte long. A write that has returned is seen by every later read; it survives a crash only once a
 * {@link #flush} that began after it has returned. Calling threads are never interrupted.
 */
public interface ExportDevice extends Closeable {
    /** Size, the same for the device's whole life; any number from 0, also one that is no multiple of 512. */
    long sizeBytes();

    /** Size and alignment of the requests that suit the device best, a power of two of at least 512. */
    default int blockBytesPreferred() {
        return 4096;
    }

    /** Fills what remains of {@code into}. */
    void read(long offsetBytes, ByteBuffer into) throws IOException;

    /**
     * Writes what remains of {@code from}.
     *
     * @throws NoSpaceException if the storage below is full
     */
    void write(long offsetBytes, ByteBuffer from) throws IOException;

    /**
     * Makes every write that has returned durable. After a failure the state of earlier writes is unknown, so every
     * later flush must fail too.
     */
    void flush() throws IOException;

    /**
     * Makes the range read as zeros without writing them, where the storage can.
     *
     * @param keepAllocated the space must stay reserved, so that later writes cannot run out of it
     * @return false if the storage cannot, then nothing that matters has changed
     */
    default boolean zeroFast(long offsetBytes, long lengthBytes, boolean keepAllocated) throws IOException {
        return false;
    }

    /** Makes the range read as zeros, by writing them if there is no faster way. */
    default void writeZeroes(long offsetBytes, long lengthBytes, boolean keepAllocated) throws IOException {
        if (!zeroFast(offsetBytes, lengthBytes, keepAllocated)) {
            Zeroes.write(this, offsetBytes, lengthBytes);
        }
    }

    /** Takes note that the content of the range is no longer needed; what it reads as afterwards is open. */
    default void trim(long offsetBytes, long lengthBytes) throws IOException {}

    /** Takes note that the range will be read soon. */
    default void cache(long offsetBytes, long lengthBytes) throws IOException {}

    /**
     * Tells how the range begins.
     *
     * @return the first run, at most {@code lengthBytes} long; {@code zero} only where every byte is proven zero
     */
    default AllocationRun allocation(long offsetBytes, long lengthBytes) throws IOException {
        return AllocationRun.data(lengthBytes);
    }

    /** Releases what the device holds open; called once, after the last request has returned. Does not flush. */
    @Override
    void close() throws IOException;

    /** The storage below the device is full; the client learns ENOSPC. */
    final class NoSpaceException extends IOException {
        public NoSpaceException(String message, Throwable cause) {
            super(message, cause);
        }

        public NoSpaceException(String message) {
            super(message);
        }
    }
}
