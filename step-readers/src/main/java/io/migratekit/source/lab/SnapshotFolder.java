package io.migratekit.source.lab;

import io.migratekit.source.DiskKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A snapshot as it is kept. Its folder appears under its name when it is complete, and leaves it before anything in it
 * is deleted.
 *
 * @param path its folder
 * @param name what it was called by whoever took it
 * @param state the machine at that moment; the sequence is the last one whose writes are in it
 */
record SnapshotFolder(Path path, String name, VmState state) {
    private static final String PROPERTIES = "snapshot.properties";

    static Path pathOf(VmFolder vm, String id) {
        return vm.snapshots().resolve(id);
    }

    /** Freezes all disks of a machine; nobody writes them meanwhile. */
    static void take(VmFolder vm, String id, String name) throws IOException {
        vm.locked(() -> {
            deleteRemains(vm);
            Path draft = Files.createDirectory(vm.snapshots().resolve(".draft-" + UUID.randomUUID()));
            VmState state = vm.load();
            vm.store(state.nextSequence()); // before the copy: a write after it must not count as being in it
            for (DiskKey disk : state.disks().keySet()) {
                copy(vm.image(disk), draft.resolve(disk + ".raw"));
            }
            Properties properties = state.toProperties();
            properties.setProperty("name", name);
            new PropertyFile(draft.resolve(PROPERTIES)).store(properties);
            return Files.move(draft, pathOf(vm, id), StandardCopyOption.ATOMIC_MOVE);
        });
    }

    /** Deletes what killed processes left of snapshots half taken or half removed. */
    private static void deleteRemains(VmFolder vm) throws IOException {
        List<Path> remains;
        try (Stream<Path> folders = Files.list(vm.snapshots())) {
            remains = folders.filter(path -> path.getFileName().toString().startsWith("."))
                    .toList();
        }
        for (Path path : remains) {
            delete(path);
        }
    }

    /** Returns the snapshot with that id, if there is one (any more). */
    static Optional<SnapshotFolder> find(VmFolder vm, String id) throws IOException {
        Path path = pathOf(vm, id);
        Properties properties = new PropertyFile(path.resolve(PROPERTIES)).load();
        return properties.isEmpty()
                ? Optional.empty()
                : Optional.of(new SnapshotFolder(path, properties.getProperty("name", ""), VmState.of(properties)));
    }

    String id() {
        return path.getFileName().toString();
    }

    Path image(DiskKey disk) {
        return path.resolve(disk + ".raw");
    }

    static void remove(VmFolder vm, String id) throws IOException {
        vm.locked(() -> {
            Path gone = vm.snapshots().resolve(".gone-" + UUID.randomUUID());
            if (Files.exists(pathOf(vm, id))) {
                Files.move(pathOf(vm, id), gone, StandardCopyOption.ATOMIC_MOVE);
                delete(gone);
            }
            return gone;
        });
    }

    /** Copies a file with its holes, or shares its blocks where the file system can. */
    private static void copy(Path image, Path target) throws IOException {
        Process copy = new ProcessBuilder(
                        "cp", "--sparse=always", "--reflink=auto", "--", image.toString(), target.toString())
                .redirectErrorStream(true)
                .start();
        String words = new String(copy.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (copy.waitFor() != 0) {
                throw new IOException("%s cannot be copied to %s: %s".formatted(image, target, words));
            }
        } catch (InterruptedException e) {
            copy.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while copying " + image, e);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(folder)) {
            tree.sorted(Comparator.reverseOrder()).forEach(paths::add);
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
