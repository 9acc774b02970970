package io.migratekit.shell.command;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.AllocationRun;
import io.migratekit.nbd.server.ExportDevice;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** An image on a server of its own that lets nobody read while its gate is shut: a job that is at work for as long as a test needs. */
final class GatedDisk implements AutoCloseable {
    private static final String NAME = "disk";

    private final NbdServer server;
    private boolean open = true; // guarded by this
    private int waiting; // guarded by this

    private GatedDisk(NbdServer server) {
        this.server = server;
    }

    static GatedDisk serve(Path image, Path socket) throws IOException {
        NbdServer server = NbdServer.listen(new NbdUri.Unix(socket), ServerOptions.defaults());
        GatedDisk disk = new GatedDisk(server);
        server.add(NAME, disk.gated(FileDevice.open(image, true)), ExportOptions.readOnlyExport());
        return disk;
    }

    String uri() {
        return server.uri(NAME).toString();
    }

    synchronized void shut() {
        open = false;
    }

    synchronized void open() {
        open = true;
        notifyAll();
    }

    /** Waits until somebody wants to read. */
    synchronized void awaitReader() throws InterruptedException {
        while (waiting == 0) {
            wait();
        }
    }

    private synchronized void pass() throws IOException {
        waiting++;
        notifyAll();
        try {
            while (!open) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted at the gate");
        } finally {
            waiting--;
        }
    }

    @Override
    public void close() throws IOException {
        open();
        server.close();
    }

    private ExportDevice gated(ExportDevice device) {
        return new ExportDevice() {
            @Override
            public long sizeBytes() {
                return device.sizeBytes();
            }

            @Override
            public void read(long offsetBytes, ByteBuffer into) throws IOException {
                pass();
                device.read(offsetBytes, into);
            }

            @Override
            public void write(long offsetBytes, ByteBuffer from) throws IOException {
                device.write(offsetBytes, from);
            }

            @Override
            public void flush() throws IOException {
                device.flush();
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
