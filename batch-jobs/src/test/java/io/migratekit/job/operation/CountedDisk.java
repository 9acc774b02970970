package io.migratekit.job.operation;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.AllocationRun;
import io.migratekit.nbd.server.ExportDevice;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;

/**
 * An image on a server of its own, which counts what its clients move: how many bytes in all, and how many of them they
 * had moved before. Reads and writes of data count, zeroing does not.
 */
final class CountedDisk implements AutoCloseable {
    private static final String NAME = "disk";
    private static final int BLOCK_BYTES = 4096;

    private final NbdServer server;
    private final BitSet moved = new BitSet(); // guarded by this
    private long movedBytes; // guarded by this
    private long againBytes; // guarded by this
    private long alarmBytes = Long.MAX_VALUE; // guarded by this
    private Runnable alarm = () -> {}; // guarded by this

    private CountedDisk(NbdServer server) {
        this.server = server;
    }

    static CountedDisk serve(Path image, Path socket) throws IOException {
        NbdServer server = NbdServer.listen(new NbdUri.Unix(socket), ServerOptions.defaults());
        CountedDisk disk = new CountedDisk(server);
        server.add(NAME, disk.counting(FileDevice.open(image, false)), ExportOptions.readWrite());
        return disk;
    }

    String uri() {
        return server.uri(NAME).toString();
    }

    /** Runs {@code action} once, on a server's thread, before so many more bytes are moved. */
    synchronized void alarmAfter(long bytes, Runnable action) {
        alarmBytes = movedBytes + bytes;
        alarm = action;
    }

    synchronized long movedBytes() {
        return movedBytes;
    }

    /** Bytes that were moved although they had been before, each time counted. */
    synchronized long againBytes() {
        return againBytes;
    }

    /** Waits until no client is left, so that the numbers stand still. */
    void awaitSilence() {
        while (server.connectionCount(NAME) > 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private synchronized void count(long offsetBytes, int lengthBytes) {
        movedBytes += lengthBytes;
        long position = offsetBytes;
        while (position < offsetBytes + lengthBytes) {
            int block = (int) (position / BLOCK_BYTES);
            long endBytes = Math.min(offsetBytes + lengthBytes, (block + 1L) * BLOCK_BYTES);
            if (moved.get(block)) {
                againBytes += endBytes - position;
            }
            moved.set(block);
            position = endBytes;
        }
        if (movedBytes > alarmBytes) {
            alarmBytes = Long.MAX_VALUE;
            alarm.run();
        }
    }

    private ExportDevice counting(ExportDevice device) {
        return new ExportDevice() {
            @Override
            public long sizeBytes() {
                return device.sizeBytes();
            }

            @Override
            public void read(long offsetBytes, ByteBuffer into) throws IOException {
                if (into.remaining()
                        > BLOCK_BYTES) { // a single block is a look whether the disk is the same, no copying
                    count(offsetBytes, into.remaining());
                }
                device.read(offsetBytes, into);
            }

            @Override
            public void write(long offsetBytes, ByteBuffer from) throws IOException {
                count(offsetBytes, from.remaining());
                device.write(offsetBytes, from);
            }

            @Override
            public void flush() throws IOException {
                device.flush();
            }

            @Override
            public boolean zeroFast(long offsetBytes, long lengthBytes, boolean keepAllocated) throws IOException {
                return device.zeroFast(offsetBytes, lengthBytes, keepAllocated);
            }

            @Override
            public AllocationRun allocation(long offsetBytes, long lengthBytes) throws IOException {
                return device.allocation(offsetBytes, lengthBytes);
            }

            @Override
            public void close() throws IOException {
                device.close();
            }
        };
    }
}
