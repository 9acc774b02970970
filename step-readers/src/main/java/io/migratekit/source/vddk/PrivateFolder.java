package io.migratekit.source.vddk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of mode 700 that holds the socket of one disk, and for a moment its password. */
record PrivateFolder(Path path) {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
    private static final String SOCKET = "nbd.sock";
    private static final String PID = "pid";
    private static final String PASSWORD = "password";

    /** What may be in it; {@link Guard} removes the same. */
    static final List<String> NAMES = List.of(SOCKET, PID, PASSWORD);

    static PrivateFolder create(Path parent) throws IOException {
        return new PrivateFolder(Files.createTempDirectory(
                parent,
                "migratekit-vddk-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    Path socket() {
        return path.resolve(SOCKET);
    }

    /** Written by nbdkit once its socket listens. */
    Path pid() {
        return path.resolve(PID);
    }

    Path password() {
        return path.resolve(PASSWORD);
    }

    /** Makes the file new with its mode, so that there is no moment at which others may open it. */
    void writePassword(Password password) throws IOException {
        Files.deleteIfExists(password());
        Files.createFile(
                password(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(password(), password.reveal().getBytes(StandardCharsets.UTF_8));
    }

    void deletePassword() throws IOException {
        Files.deleteIfExists(password());
    }

    /** Removes what an nbdkit left: a socket that is there already would be refused by the next one. */
    void clear() throws IOException {
        for (String name : NAMES) {
            Files.deleteIfExists(path.resolve(name));
        }
    }

    void remove() {
        try {
            clear();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("the socket folder {} could not be removed; it may be deleted", path, e);
        }
    }
}
