package io.migratekit.volume.export;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An image as it lies on this machine: what it is, whatever paths lead to it.
 *
 * @param path without symbolic links
 * @param device whether it is a block device, else a file
 * @param identity the same for all paths of a file or device, and no other's; see {@link #token}
 * @param backing identities of the files below a qcow2 image, nearest first
 * @param bitmaps whether it may hold dirty bitmaps
 */
record ImageFile(
        Path path, Image.Format format, boolean device, String identity, Set<String> backing, boolean bitmaps) {
    /** A longer chain is a loop, or so slow that it must be flattened first. */
    private static final int CHAIN_FILES_MAX = 200;

    private static final int TOKEN_CHARACTERS = 30;

    ImageFile {
        backing = Set.copyOf(backing);
    }

    /**
     * Looks at an image, and at the files below it.
     *
     * @throws VolumeException of kind REFUSED if it is no image that can be served, FAILED if it cannot be read
     */
    static ImageFile of(Image image) {
        try {
            Path path = image.path().toRealPath();
            Inode inode = inode(path);
            Optional<Qcow2Header> header = image.format() == Image.Format.QCOW2 ? header(path) : Optional.empty();
            return new ImageFile(
                    path,
                    image.format(),
                    inode.isDevice(),
                    identity(inode),
                    below(path, header),
                    header.map(Qcow2Header::bitmaps).orElse(false));
        } catch (NoSuchFileException e) {
            throw refused("the image %s is not there: %s does not exist".formatted(image.path(), e.getFile()), e);
        } catch (IOException e) {
            throw new VolumeException(
                    VolumeException.Kind.FAILED,
                    "the image %s cannot be looked at: %s".formatted(image.path(), e.getMessage()),
                    e);
        }
    }

    /**
     * Returns an image that a server has opened, and that may have gone from its path meanwhile.
     *
     * @param identity as it was when it was opened
     */
    static ImageFile opened(Path path, Image.Format format, String identity) {
        try {
            ImageFile now = of(new Image(path, format));
            return new ImageFile(path, format, now.device(), identity, now.backing(), now.bitmaps());
        } catch (VolumeException e) {
            return new ImageFile(path, format, false, identity, Set.of(), false);
        }
    }

    /** Returns a short text for a long one: 31 characters from a-z and 0-9, a letter first; no two are alike. */
    static String token(char first, String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return first + HexFormat.of().formatHex(digest).substring(0, TOKEN_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Inode inode(Path path) throws IOException {
        Inode inode = Inode.of(path);
        if (!inode.isFile() && !inode.isDevice()) {
            throw refused("%s is neither a file nor a block device; name an image".formatted(path), null);
        }
        return inode;
    }

    private static String identity(Inode inode) {
        return token('f', inode.place());
    }

    private static Optional<Qcow2Header> header(Path path) throws IOException {
        Optional<Qcow2Header> header = Qcow2Header.read(path);
        if (header.isEmpty()) {
            throw refused("%s is no qcow2 image; is it raw, or not written yet?".formatted(path), null);
        }
        return header;
    }

    private static Set<String> below(Path image, Optional<Qcow2Header> header) throws IOException {
        Set<String> identities = new LinkedHashSet<>();
        Path above = image;
        Optional<String> name = header.flatMap(Qcow2Header::backing);
        while (name.isPresent()) {
            above = backingPath(above, name.get());
            if (!identities.add(identity(inode(above))) || identities.size() > CHAIN_FILES_MAX) {
                throw refused(
                        "the backing files of %s form a loop, or are more than %d; flatten it with qemu-img rebase"
                                .formatted(image, CHAIN_FILES_MAX),
                        null);
            }
            name = Qcow2Header.read(above).flatMap(Qcow2Header::backing);
        }
        return identities;
    }

    private static Path backingPath(Path above, String name) throws IOException {
        String plain = name.startsWith("file:") ? name.substring("file:".length()) : name;
        int colon = plain.indexOf(':');
        if (colon >= 0 && plain.lastIndexOf('/', colon) < 0) { // QEMU takes this for a protocol
            throw refused(
                    "the backing file '%s' of %s is no file of this machine; who else writes it cannot be seen"
                            .formatted(name, above),
                    null);
        }
        return above.resolveSibling(plain).toRealPath();
    }

    private static VolumeException refused(String message, @Nullable Throwable cause) {
        return new VolumeException(VolumeException.Kind.REFUSED, message, cause);
    }
}
