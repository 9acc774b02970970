package io.migratekit.nbd.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A sparse device in memory for tests. Pages never written are holes. It counts what was done to it, and can be told to
 * fail or to run full.
 */
public final class MemoryDevice implements ExportDevice {
    private static final int PAGE_BYTES = 64 << 10;

    private final long sizeBytes;
    private final Map<Long, byte[]> pages = new ConcurrentHashMap<>();
    private final AtomicInteger flushes = new AtomicInteger();
    private volatile @Nullable IOException failure;
    private volatile boolean closed;

    public MemoryDevice(long sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    /** From now on every request fails with this, until it is called with null. */
    public void failWith(@Nullable IOException reason) {
        failure = reason;
    }

    /** Number of flushes that succeeded. */
    public int flushes() {
        return flushes.get();
    }

    public boolean closed() {
        return closed;
    }

    /** The content of a range. */
    public byte[] bytes(long offsetBytes, int lengthBytes) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(lengthBytes);
        read(offsetBytes, into);
        return into.array();
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public synchronized void read(long offsetBytes, ByteBuffer into) throws IOException {
        check(offsetBytes, into.remaining());
        long atBytes = offsetBytes;
        while (into.hasRemaining()) {
            int within = (int) (atBytes % PAGE_BYTES);
            int count = Math.min(into.remaining(), PAGE_BYTES - within);
            byte[] page = pages.get(atBytes / PAGE_BYTES);
            into.put(page == null ? new byte[count] : page, page == null ? 0 : within, count);
            atBytes += count;
        }
    }

    @Override
    public synchronized void write(long offsetBytes, ByteBuffer from) throws IOException {
        check(offsetBytes, from.remaining());
        long atBytes = offsetBytes;
        while (from.hasRemaining()) {
            int within = (int) (atBytes % PAGE_BYTES);
            int count = Math.min(from.remaining(), PAGE_BYTES - within);
            from.get(pages.computeIfAbsent(atBytes / PAGE_BYTES, number -> new byte[PAGE_BYTES]), within, count);
            atBytes += count;
        }
    }

    @Override
    public void flush() throws IOException {
        check(0, 0);
        flushes.incrementAndGet();
    }

    @Override
    public synchronized boolean zeroFast(long offsetBytes, long lengthBytes, boolean keepAllocated) throws IOException {
        check(offsetBytes, lengthBytes);
        long atBytes = offsetBytes;
        long endBytes = offsetBytes + lengthBytes;
        while (atBytes < endBytes) {
            int within = (int) (atBytes % PAGE_BYTES);
            int count = (int) Math.min(endBytes - atBytes, PAGE_BYTES - within);
            zeroInPage(atBytes / PAGE_BYTES, within, count, keepAllocated);
            atBytes += count;
        }
        return true;
    }

    @Override
    public void trim(long offsetBytes, long lengthBytes) throws IOException {
        zeroFast(offsetBytes, lengthBytes, false);
    }

    @Override
    public synchronized AllocationRun allocation(long offsetBytes, long lengthBytes) throws IOException {
        check(offsetBytes, lengthBytes);
        boolean hole = !pages.containsKey(offsetBytes / PAGE_BYTES);
        long pageEndBytes = (offsetBytes / PAGE_BYTES + 1) * PAGE_BYTES;
        long runBytes = Math.min(lengthBytes, pageEndBytes - offsetBytes);
        return hole ? AllocationRun.emptyHole(runBytes) : AllocationRun.data(runBytes);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void zeroInPage(long number, int within, int count, boolean keepAllocated) {
        if (keepAllocated) {
            Arrays.fill(
                    pages.computeIfAbsent(number, ignored -> new byte[PAGE_BYTES]), within, within + count, (byte) 0);
        } else if (count == PAGE_BYTES) {
            pages.remove(number);
        } else {
            byte[] page = pages.get(number);
            if (page != null) {
                Arrays.fill(page, within, within + count, (byte) 0);
            }
        }
    }

    private void check(long offsetBytes, long lengthBytes) throws IOException {
        IOException reason = failure;
        if (reason != null) {
            throw reason;
        }
        if (closed) {
            throw new IllegalStateException("a request came after close");
        }
        if (offsetBytes < 0 || lengthBytes < 0 || lengthBytes > sizeBytes - offsetBytes) {
            throw new IllegalArgumentException("a request for %d bytes at %d reached a device of %d"
                    .formatted(lengthBytes, offsetBytes, sizeBytes));
        }
    }
}
