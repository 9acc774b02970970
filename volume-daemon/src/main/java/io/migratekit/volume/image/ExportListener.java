package io.migratekit.volume.image;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Several image files by name on one unix socket or TCP port. Safe for use by many threads. */
public final class ExportListener implements AutoCloseable {
    private final NbdServer server;
    private final List<Offer> offers = new ArrayList<>(); // guarded by this
    private final List<ImageLock> locks = new ArrayList<>(); // guarded by this

    private record Offer(String name, Path image, boolean readOnly) {}

    private ExportListener(NbdServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param address TCP port 0 lets the system choose one
     * @param certificates folder with ca-cert.pem, server-cert.pem and server-key.pem; TLS is then demanded
     */
    public static ExportListener listen(NbdUri.Address address, Optional<Path> certificates) throws IOException {
        ServerOptions options = ServerOptions.defaults();
        return new ExportListener(
                NbdServer.listen(address, certificates.map(options::withTls).orElse(options)));
    }

    /**
     * Offers an image. One that may be written has one name: two would let two disks be copied onto it at once.
     *
     * @return where it is served
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws io.migratekit.volume.VolumeException of kind REFUSED if it is to be written and another process has it open
     * @throws IllegalArgumentException if the name is taken, or the image has a name already and one of them is writable
     */
    public synchronized NbdUri add(String name, Path image, boolean readOnly) throws IOException {
        refuseShared(image, readOnly);
        ImageLock lock = readOnly || Files.isDirectory(image) ? null : ImageLock.take(image, false);
        FileDevice device = null;
        try {
            device = FileDevice.open(image, readOnly);
            server.add(name, device, new ExportOptions(readOnly, image.toString()));
        } catch (IOException | RuntimeException e) {
            if (device != null) {
                device.close();
            }
            if (lock != null) {
                lock.close();
            }
            throw e;
        }
        if (lock != null) {
            locks.add(lock);
        }
        offers.add(new Offer(name, image, readOnly));
        return server.uri(name);
    }

    private void refuseShared(Path image, boolean readOnly) throws IOException {
        for (Offer offer : offers) {
            if (!(readOnly && offer.readOnly()) && Files.exists(image) && Files.isSameFile(image, offer.image())) {
                throw new IllegalArgumentException(
                        "image %s is served as '%s' already; what may be written has one name, or two disks could be copied onto it. Give each export its own image, or serve all read-only"
                                .formatted(image, offer.name()));
            }
        }
    }

    /** Returns how many clients use the export. */
    public int clients(String name) {
        return server.connectionCount(name);
    }

    /** Ends all exports after the requests that have arrived, and their connections. */
    @Override
    public void close() throws IOException {
        try {
            server.close();
        } finally {
            closeLocks();
        }
    }

    private synchronized void closeLocks() {
        locks.forEach(ImageLock::close);
        locks.clear();
    }
}
