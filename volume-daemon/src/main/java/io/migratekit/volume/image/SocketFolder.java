package io.migratekit.volume.image;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for one unix socket that nobody else may enter; its name tells the process, so that leftovers of dead ones
 * can be swept.
 *
 * @param path of mode 700
 */
record SocketFolder(Path path) {
    static final Logger log = LoggerFactory.getLogger(SocketFolder.class);

    private static final String PREFIX = "migratekit-nbd-";

    /** A unix socket's path has 108 bytes (sun_path in unix(7)); a long java.io.tmpdir would not leave enough. */
    private static final int TEMPORARY_FOLDER_CHARACTERS_MAX = 50;

    static SocketFolder create() throws IOException {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        if (parent.toString().length() > TEMPORARY_FOLDER_CHARACTERS_MAX) {
            parent = Path.of("/tmp");
        }
        sweep(parent);
        String prefix = PREFIX + ProcessHandle.current().pid() + "-";
        return new SocketFolder(Files.createTempDirectory(
                parent, prefix, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    Path socket() {
        return path.resolve("s");
    }

    /** Deletes the folder; does nothing if it is gone. */
    void delete() {
        try {
            Files.deleteIfExists(socket());
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.warn("the folder {} of a socket stays behind", path, e);
        }
    }

    private static void sweep(Path parent) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (isLeftOver(folder)) {
                    new SocketFolder(folder).delete();
                }
            }
        } catch (IOException e) {
            log.debug("leftover sockets in {} were not looked for", parent, e);
        }
    }

    private static boolean isLeftOver(Path folder) throws IOException {
        String pid = folder.getFileName().toString().substring(PREFIX.length()).replaceFirst("-.*", "");
        return pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty() && Files.isWritable(folder);
    }
}
