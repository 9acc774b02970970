package io.migratekit.volume.image;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Several image files by name on one unix socket or TCP port. Safe for use by many threads. */
public final class ExportListener implements AutoCloseable {
    private final NbdServer server;

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
     * Offers an image.
     *
     * @return where it is served
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IllegalArgumentException if the name is taken
     */
    public NbdUri add(String name, Path image, boolean readOnly) throws IOException {
        FileDevice device = FileDevice.open(image, readOnly);
        try {
            server.add(name, device, new ExportOptions(readOnly, image.toString()));
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
        return server.uri(name);
    }

    /** Returns how many clients use the export. */
    public int clients(String name) {
        return server.connectionCount(name);
    }

    /** Ends all exports after the requests that have arrived, and their connections. */
    @Override
    public void close() throws IOException {
        server.close();
    }
}
