package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.BackendFixture.Content;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pool for tests, and a look into it.
 *
 * @param settings of it
 */
record TestPool(LocalSettings settings) {
    static final String INSTALLATION = "here";

    /** Finds all programs but qemu-img. */
    static final Tools WITHOUT_QEMU = program ->
            program.equals("qemu-img") ? Optional.empty() : Tools.onPath().find(program);

    static TestPool raw(Path folder) {
        return new TestPool(new LocalSettings(folder, VolumeDaemon.Format.AUTO, 0, 1, INSTALLATION, WITHOUT_QEMU));
    }

    static TestPool of(Path folder, VolumeDaemon.Format format) {
        return new TestPool(new LocalSettings(folder, format, 0, 1, INSTALLATION, Tools.onPath()));
    }

    TestPool at(Path folder) {
        return new TestPool(new LocalSettings(
                folder,
                settings.format(),
                settings.reserveBytes(),
                settings.overcommit(),
                settings.installationId(),
                settings.tools()));
    }

    TestPool of(String installation) {
        return new TestPool(new LocalSettings(
                settings.pool(),
                settings.format(),
                settings.reserveBytes(),
                settings.overcommit(),
                installation,
                settings.tools()));
    }

    TestPool with(Tools tools) {
        return new TestPool(new LocalSettings(
                settings.pool(),
                settings.format(),
                settings.reserveBytes(),
                settings.overcommit(),
                settings.installationId(),
                tools));
    }

    TestPool with(long reserveBytes, double overcommit) {
        return new TestPool(new LocalSettings(
                settings.pool(),
                settings.format(),
                reserveBytes,
                overcommit,
                settings.installationId(),
                settings.tools()));
    }

    LocalBackend open() {
        return LocalBackend.open(settings);
    }

    LocalBackend open(Disk disk) {
        try {
            return new LocalBackend(settings, disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder(VolumeId id) {
        return settings.pool().resolve(id.text());
    }

    StoredVolume stored(VolumeId id) {
        try {
            return new Pool(settings.pool()).load(id).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path image(VolumeId id) {
        return folder(id).resolve(stored(id).active());
    }

    /** Looks with qemu's programs, or into the file where it is raw. */
    Content content() {
        return new Content() {
            @Override
            public void write(VolumeId id, long offsetBytes, int value) {
                Image.Format format = stored(id).activeImage().format();
                if (format == Image.Format.QCOW2) {
                    Qemu.write(image(id), format, offsetBytes, 1, value);
                    return;
                }
                try (RandomAccessFile file = new RandomAccessFile(image(id).toFile(), "rw")) {
                    file.seek(offsetBytes);
                    file.write(value);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public int read(VolumeId id, long offsetBytes) {
                Image.Format format = stored(id).activeImage().format();
                if (format == Image.Format.QCOW2) {
                    return Qemu.content(image(id), format)[Math.toIntExact(offsetBytes)] & 0xff;
                }
                try (RandomAccessFile file = new RandomAccessFile(image(id).toFile(), "r")) {
                    file.seek(offsetBytes);
                    return file.read();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** Asserts that the pool has nothing but volumes, and they have nothing but what they say. */
    void assertNothingIsLeftOver() {
        Set<String> entries = names(settings.pool());
        entries.removeAll(Set.of(".lock", ".holder"));
        for (String entry : entries) {
            StoredVolume volume = stored(new VolumeId(entry));
            Set<String> expected =
                    volume.images().stream().map(StoredImage::file).collect(Collectors.toCollection(HashSet::new));
            expected.addAll(Set.of("volume.json", "disk"));
            assertThat(names(folder(volume.id()))).isEqualTo(expected);
            assertThat(folder(volume.id()).resolve("disk")).isSymbolicLink();
            assertThat(linked(volume.id())).isEqualTo(Path.of(volume.active()));
        }
    }

    private Path linked(VolumeId id) {
        try {
            return Files.readSymbolicLink(folder(id).resolve("disk"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Set<String> names(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toCollection(HashSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
