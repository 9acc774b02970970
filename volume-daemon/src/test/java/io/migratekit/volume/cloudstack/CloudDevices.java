package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The disks of {@link CloudServer} as sparse files, and the links by which the appliance's machine sees them. */
final class CloudDevices {
    /** As much of a disk as tests write; copying a whole sparse file would fill it. */
    private static final int HEAD_BYTES = 64 << 10;

    final Path links;
    final Path blocks;
    private final Path disks;
    volatile boolean appear = true;
    volatile Optional<Disk> instead = Optional.empty();

    /** Where a link leads, and the serial number that the kernel shows there. */
    record Disk(Path path, String serial) {}

    CloudDevices(Path folder) throws IOException {
        this.links = Files.createDirectories(folder.resolve("by-id"));
        this.blocks = Files.createDirectories(folder.resolve("block"));
        this.disks = Files.createDirectories(folder.resolve("disks"));
    }

    Path disk(String id) {
        return disks.resolve(id);
    }

    Path link(String volume) {
        return links.resolve("virtio-" + new VolumeId(volume).serial());
    }

    void size(String id, long sizeBytes) {
        try (RandomAccessFile file = new RandomAccessFile(disk(id).toFile(), "rw")) {
            file.setLength(sizeBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void copy(String from, String to, long sizeBytes) {
        size(to, 0);
        size(to, sizeBytes);
        try (RandomAccessFile source = new RandomAccessFile(disk(from).toFile(), "r");
                FileChannel target = FileChannel.open(disk(to), StandardOpenOption.WRITE)) {
            source.getChannel().transferTo(0, HEAD_BYTES, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String id, long offsetBytes, int value) {
        try (RandomAccessFile file = new RandomAccessFile(disk(id).toFile(), "rw")) {
            file.seek(offsetBytes);
            file.write(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int read(String id, long offsetBytes) {
        try (RandomAccessFile file = new RandomAccessFile(disk(id).toFile(), "r")) {
            file.seek(offsetBytes);
            return file.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String id) {
        delete(disk(id));
    }

    void plug(String volume) {
        if (appear) {
            Disk disk = instead.orElseGet(() -> new Disk(disk(volume), new VolumeId(volume).serial()));
            link(volume, disk.path(), disk.serial());
        }
    }

    /** Lets a volume's link lead to some file, with the serial number that the kernel would show for it. */
    void link(String volume, Path target, String serial) {
        try {
            Files.deleteIfExists(link(volume));
            Files.createSymbolicLink(link(volume), target);
            Path block = Files.createDirectories(blocks.resolve(target.getFileName()));
            Files.writeString(block.resolve("serial"), serial + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void unplug(String volume) {
        delete(link(volume));
        delete(blocks.resolve(volume).resolve("serial"));
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
