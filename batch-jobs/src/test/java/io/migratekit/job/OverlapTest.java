package io.migratekit.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices in folders as the kernel shows them. */
final class OverlapTest {
    private Path folder = Path.of("");

    @BeforeEach
    void devices(@TempDir Path temporary) throws IOException {
        folder = temporary.toRealPath();
    }

    @Test
    void aPartitionIsOnItsDiskAndNotOnAnother() throws IOException {
        Path disk = disk("sda");
        Path one = partition(disk, 1);
        Path other = partition(disk, 2);

        assertThat(Overlap.ofPlaces(disk, one)).isTrue();
        assertThat(Overlap.ofPlaces(one, disk)).isTrue();
        assertThat(Overlap.ofPlaces(one, other)).isFalse();
        assertThat(Overlap.ofPlaces(disk, disk("sdab"))).isFalse();
    }

    @Test
    void aVolumeIsOnTheDisksBelowItAndNotOnItsSisters() throws IOException {
        Path disk = disk("sda");
        Path partition = partition(disk, 1);
        Path volume = on(disk("dm-0"), partition);
        Path sister = on(disk("dm-1"), partition);
        Path crypt = on(disk("dm-2"), volume);

        assertThat(Overlap.ofPlaces(volume, partition)).isTrue();
        assertThat(Overlap.ofPlaces(disk, crypt)).isTrue();
        assertThat(Overlap.ofPlaces(volume, sister)).isFalse();
        assertThat(Overlap.ofPlaces(partition(disk, 2), crypt)).isFalse();
    }

    @Test
    void aLoopDeviceAndItsPartitionsAreOnItsImage() throws IOException {
        Path image = Files.createFile(folder.resolve("an image.raw"));
        Path loop = disk("loop0");
        Path partition = partition(loop, 1);
        Files.createDirectories(loop.resolve("loop"));
        Files.writeString(loop.resolve("loop/backing_file"), image + "\n");

        assertThat(Overlap.ofPlaces(image, loop)).isTrue();
        assertThat(Overlap.ofPlaces(partition, image)).isTrue();
        assertThat(Overlap.ofPlaces(loop, Files.createFile(folder.resolve("other.raw"))))
                .isFalse();
        Files.delete(image);
        assertThat(Overlap.ofPlaces(disk("sdb"), loop)).isFalse();
    }

    @Test
    void filesAreOneOnlyIfTheyAreTheSame() throws IOException {
        Path image = Files.createFile(folder.resolve("image.raw"));

        assertThat(Overlap.of(image, Files.createLink(folder.resolve("hard.raw"), image)))
                .isTrue();
        assertThat(Overlap.of(image, Files.createFile(folder.resolve("other.raw"))))
                .isFalse();
    }

    private Path disk(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private static Path partition(Path disk, int number) throws IOException {
        Path partition = Files.createDirectories(disk.resolve(disk.getFileName() + Integer.toString(number)));
        if (Files.notExists(partition.resolve("partition"))) {
            Files.writeString(partition.resolve("partition"), number + "\n");
        }
        return partition;
    }

    private static Path on(Path device, Path below) throws IOException {
        Path slaves = Files.createDirectories(device.resolve("slaves"));
        Files.createSymbolicLink(slaves.resolve("below"), below);
        return device;
    }
}
