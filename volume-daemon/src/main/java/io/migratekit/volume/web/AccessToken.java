package io.migratekit.volume.web;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The secret that lets clients in: 256 random bits in a file that its owner alone may read. Never shown, never logged. */
public final class AccessToken {
    private static final int SECRET_BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");

    private final Path file;
    private final String secret;

    private AccessToken(Path file, String secret) {
        this.file = file;
        this.secret = secret;
    }

    /**
     * Reads the file, or makes it with a new secret.
     *
     * @throws VolumeException of kind REFUSED if others may read it, FAILED if it cannot be made
     */
    public static AccessToken ofServer(Path file) {
        try {
            if (Files.notExists(file)) {
                make(file);
            }
            return read(file);
        } catch (IOException e) {
            throw new VolumeException(Kind.FAILED, "the token file %s cannot be made: %s".formatted(file, e), e);
        }
    }

    /**
     * Reads the file that a volume daemon made.
     *
     * @throws VolumeException of kind REFUSED if it is missing, or others may read it
     */
    public static AccessToken ofClient(Path file) {
        try {
            return read(file);
        } catch (NoSuchFileException e) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "the volume daemon's token %s is missing here; copy it from the daemon's home, with mode 600 (migratekit.volumes.token-file)"
                            .formatted(file),
                    e);
        } catch (IOException e) {
            throw new VolumeException(Kind.REFUSED, "the token file %s cannot be read: %s".formatted(file, e), e);
        }
    }

    /** Returns where it is kept. */
    public Path file() {
        return file;
    }

    /** Returns the value of the header {@code Authorization}. */
    public String header() {
        return "Bearer " + secret;
    }

    /** Compares with what somebody sent, in a time that does not depend on how much of it is right. */
    boolean accepts(String header) {
        return MessageDigest.isEqual(
                header.getBytes(StandardCharsets.UTF_8), header().getBytes(StandardCharsets.UTF_8));
    }

    private static void make(Path file) throws IOException {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        Path draft = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                file.getFileName() + ".",
                ".draft",
                PosixFilePermissions.asFileAttribute(OWNER_ALONE));
        try {
            Files.writeString(draft, HexFormat.of().formatHex(bytes) + "\n", StandardOpenOption.WRITE);
            Files.createLink(file, draft); // whole or not at all, and never over another server's
        } catch (FileAlreadyExistsException e) {
            // another server was faster; its secret counts
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static AccessToken read(Path file) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (!OWNER_ALONE.containsAll(mode)) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "others may read the token file %s (%s); chmod 600 it, and delete it if somebody did: a new one is made at the next start"
                            .formatted(file, PosixFilePermissions.toString(mode)));
        }
        String secret = Files.readString(file).strip();
        if (!secret.matches("[!-~]{32,512}")) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "the token file %s holds no token (32 to 512 characters without blanks); delete it, a new one is made at the next start"
                            .formatted(file));
        }
        return new AccessToken(file, secret);
    }

    @Override
    public String toString() {
        return "token in " + file;
    }
}
