package io.migratekit.source.image;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import io.migratekit.source.DiskAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A raw image file served read-only on a unix socket that only we can reach (in a folder of mode 700), until it is
 * closed. A killed process leaves the folder behind, empty but for the dead socket.
 */
public final class ServedImage implements DiskAccess {
    private static final Logger LOG = LoggerFactory.getLogger(ServedImage.class);
    private static final String EXPORT = "image";

    private final Path folder;
    private final Path socket;
    private final NbdServer server;

    private ServedImage(Path folder, Path socket, NbdServer server) {
        this.folder = folder;
        this.socket = socket;
        this.server = server;
    }

    /** Starts to serve {@code image}. */
    public static ServedImage serve(Path image) throws IOException {
        Path folder = Files.createTempDirectory("migratekit-"); // made with mode 700
        Path socket = folder.resolve("nbd.sock");
        NbdServer server = listen(folder, socket);
        ServedImage served = new ServedImage(folder, socket, server);
        try {
            server.add(EXPORT, FileDevice.open(image, true), ExportOptions.readOnlyExport());
            return served;
        } catch (IOException | RuntimeException e) {
            served.close();
            throw e;
        }
    }

    private static NbdServer listen(Path folder, Path socket) throws IOException {
        try {
            return NbdServer.listen(new NbdUri.Unix(socket), ServerOptions.defaults());
        } catch (IOException e) {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
            throw e;
        }
    }

    @Override
    public NbdUri uri() {
        return server.uri(EXPORT);
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warn("the socket folder {} could not be removed; it may be deleted", folder, e);
        }
    }
}
