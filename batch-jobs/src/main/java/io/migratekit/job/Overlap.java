package io.migratekit.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells whether two files or block devices of this machine share bytes: they are one, one is a partition of the other, or
 * one is made of the other (a loop device of its image, a volume of the disk below). Two partitions of a disk share none, nor
 * do two volumes of one disk as far as the kernel tells.
 */
final class Overlap {
    private static final Path DEVICES = Path.of("/sys/dev/block");
    private static final int TYPE_MASK = 0xf000; // of st_mode
    private static final int TYPE_BLOCK = 0x6000;
    /** Layers below a device that are looked at; a machine has three or four, and no loop can come of it. */
    private static final int LAYERS_MAX = 16;

    private Overlap() {}

    /** Looks at the devices of this kernel. */
    static boolean of(Path one, Path other) throws IOException {
        return Files.isSameFile(one, other) || ofPlaces(place(one), place(other));
    }

    /** The same for files, and for folders in which the kernel shows devices; without symbolic links. */
    static boolean ofPlaces(Path one, Path other) throws IOException {
        return liesOn(one, other, LAYERS_MAX) || liesOn(other, one, LAYERS_MAX);
    }

    /** Returns the folder in which the kernel shows a block device; of a file, the file itself. */
    private static Path place(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,rdev");
        int mode = ((Number) attributes.getOrDefault("mode", 0)).intValue();
        if ((mode & TYPE_MASK) != TYPE_BLOCK) {
            return path.toRealPath();
        }
        long number = ((Number) attributes.getOrDefault("rdev", 0L)).longValue();
        long major = ((number >> 8) & 0xfff) | ((number >> 32) & ~0xfffL); // as Linux packs them
        long minor = (number & 0xff) | ((number >> 12) & ~0xffL);
        Path shown = DEVICES.resolve(major + ":" + minor);
        return Files.exists(shown) ? shown.toRealPath() : path.toRealPath();
    }

    private static boolean liesOn(Path upper, Path lower, int layers) throws IOException {
        if (upper.startsWith(lower)) { // the kernel shows partitions inside of their disk
            return true;
        }
        if (layers == 0) {
            return false;
        }
        for (Path below : below(upper)) {
            if (liesOn(below, lower, layers - 1)) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> below(Path device) throws IOException {
        Path disk =
                Files.exists(device.resolve("partition")) ? device.resolve("..").normalize() : device;
        Path slaves = disk.resolve("slaves");
        if (Files.isDirectory(slaves)) {
            try (Stream<Path> found = Files.list(slaves)) {
                List<Path> below = found.map(Overlap::real).toList();
                if (!below.isEmpty()) {
                    return below;
                }
            }
        }
        return image(disk).stream().toList();
    }

    /** Returns the file that a loop device was made of, if it is one. */
    private static Optional<Path> image(Path disk) throws IOException {
        Path backing = disk.resolve("loop").resolve("backing_file");
        if (!Files.isReadable(backing)) {
            return Optional.empty();
        }
        Path image = Path.of(Files.readString(backing).strip());
        return Files.exists(image) ? Optional.of(image.toRealPath()) : Optional.empty();
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
