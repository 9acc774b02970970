package io.migratekit.config.vault;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keys in a file of mode 600, one in Base64 per line, the newest first; lines that begin with {@code #} say what it is. It
 * is replaced as a whole: a crash leaves the old or the new file, never a part.
 *
 * @param path absolute
 */
record KeyFile(Path path) implements KeyPlace {
    private static final String HEADING = """
            # The keys of MigrateKit's vault, the newest first. With them and the database all passwords can be read.
            # Keep a copy where the copies of the database are not: without it they must all be entered again.
            """;
    /** More than anybody has keys, so that a wrong path does not fill the memory. */
    private static final int BYTES_MAX = 64 << 10;

    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    @Override
    public KeyRing read() throws IOException {
        List<String> lines;
        try {
            checkMode();
            lines = Files.readAllLines(path);
        } catch (NoSuchFileException e) {
            return KeyRing.EMPTY;
        } catch (MalformedInputException e) {
            throw bad("is no text", e);
        } catch (IOException e) {
            throw told("cannot be read", e);
        }
        return keys(lines);
    }

    private void checkMode() throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        if (!OWNER.containsAll(mode)) {
            throw new VaultException(
                    VaultException.Kind.BAD_KEYS,
                    "the key file '%s' has mode %s, so that others may use it; only its owner may: chmod 600 '%s'. If others had it, run 'credentials rotate' afterwards"
                            .formatted(path, PosixFilePermissions.toString(mode), path));
        }
        if (!Files.isRegularFile(path) || Files.size(path) > BYTES_MAX) {
            throw bad("is no file of at most 64 KiB", null);
        }
    }

    private KeyRing keys(List<String> lines) {
        List<VaultKey> keys = new ArrayList<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                keys.add(VaultKey.ofBase64(line));
            } catch (IllegalArgumentException e) {
                throw bad(
                        "has a key in line %d that is %s (32 bytes in Base64 are one)"
                                .formatted(number, e.getMessage()),
                        e);
            }
        }
        if (keys.isEmpty()) {
            throw bad("holds no key", null);
        }
        return new KeyRing(keys);
    }

    private VaultException bad(String problem, @Nullable Exception cause) {
        return new VaultException(
                VaultException.Kind.BAD_KEYS,
                "the key file '%s' %s; restore it from its copy, or check migratekit.vault.key-file"
                        .formatted(path, problem),
                cause);
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void write(KeyRing keys) throws IOException {
        StringBuilder text = new StringBuilder(HEADING);
        keys.keys().forEach(key -> text.append(key.base64()).append('\n'));
        try {
            // a link stays a link: where it leads to is where the person wants the keys
            replace(Files.exists(path) ? path.toRealPath() : path, StandardCharsets.UTF_8.encode(text.toString()));
        } catch (IOException e) {
            throw told("cannot be written", e);
        }
    }

    private static void replace(Path file, ByteBuffer content) throws IOException {
        Path folder = folder(file);
        // born with mode 600: there is no moment in which others may open it
        Path next = Files.createTempFile(folder, ".vault-", ".key", PosixFilePermissions.asFileAttribute(OWNER));
        try {
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true); // the new name is durable before any secret is sealed under the new key
        }
    }

    private static Path folder(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IOException("'%s' is a folder".formatted(file));
        }
        return parent;
    }

    /** A file system's exceptions often say no more than the path. */
    private IOException told(String problem, IOException e) {
        String reason = e instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : e.getClass().getSimpleName();
        return new IOException(
                "the key file '%s' %s (%s); check its owner and its folder, or set migratekit.vault.key-file"
                        .formatted(path, problem, reason),
                e);
    }

    @Override
    public String name() {
        return "'%s'".formatted(path);
    }
}
