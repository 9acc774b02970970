package io.migratekit.volume.image;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Serves image files (or block devices) by NBD to this process and others of the same user. Nothing survives the
 * process: after a crash the socket's folder is left, and the next one to open an image removes it.
 */
public final class ImageExports {
    private static final String NAME = "image";

    private ImageExports() {}

    /**
     * Serves {@code image} on a unix socket in a temporary folder of mode 700 until the result is closed.
     *
     * @param readOnly whether writes are refused; the file is then opened for reading alone
     * @throws java.nio.file.NoSuchFileException if there is no such file; it is never created here
     * @throws io.migratekit.volume.VolumeException of kind REFUSED if it is to be written and another process has it open
     */
    public static ImageExport open(Path image, boolean readOnly) throws IOException {
        Optional<ImageLock> lock =
                readOnly || Files.isDirectory(image) ? Optional.empty() : Optional.of(ImageLock.take(image, false));
        FileDevice device = null;
        SocketFolder folder = null;
        NbdServer server = null;
        try {
            device = FileDevice.open(image, readOnly);
            folder = SocketFolder.create();
            server = NbdServer.listen(new NbdUri.Unix(folder.socket()), ServerOptions.defaults());
            server.add(NAME, device, new ExportOptions(readOnly, image.toString()));
            return new Served(server, folder, lock);
        } catch (IOException | RuntimeException e) {
            if (device != null) {
                device.close();
            }
            lock.ifPresent(ImageLock::close);
            if (server != null) {
                server.close();
            }
            if (folder != null) {
                folder.delete();
            }
            throw e;
        }
    }

    private record Served(NbdServer server, SocketFolder folder, Optional<ImageLock> lock) implements ImageExport {
        @Override
        public NbdUri uri() {
            return server.uri(NAME);
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                SocketFolder.log.warn("an image's export did not end cleanly", e);
            } finally {
                lock.ifPresent(ImageLock::close);
                folder.delete();
            }
        }
    }
}
