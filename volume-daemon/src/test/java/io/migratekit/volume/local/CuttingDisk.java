package io.migratekit.volume.local;

import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Ends the process, as far as one test can, at one step: before it, or in its midst. */
final class CuttingDisk implements Disk {
    private final Disk disk = new RealDisk();
    private final int cutAt;
    private final boolean midst;
    private int step;

    /** The end of a process. */
    static final class Cut extends Error {
        private static final long serialVersionUID = 1;

        private final boolean partial;

        Cut(boolean partial) {
            this.partial = partial;
        }

        /** Tells whether a part of the step has happened. */
        boolean partial() {
            return partial;
        }
    }

    /**
     * Prepares the end.
     *
     * @param cutAt which step, from 1
     * @param midst whether a part of that step happens
     */
    CuttingDisk(int cutAt, boolean midst) {
        this.cutAt = cutAt;
        this.midst = midst;
    }

    /** One step on the real disk, or a part of it. */
    @FunctionalInterface
    private interface Step {
        void take() throws IOException;
    }

    private void step(Step whole, Step part) throws IOException {
        if (count()) {
            if (midst) {
                part.take();
            }
            throw new Cut(midst);
        }
        whole.take();
    }

    /** A step that happens as a whole or not at all. */
    private void step(Step whole) throws IOException {
        if (count()) {
            throw new Cut(false);
        }
        whole.take();
    }

    private boolean count() {
        step++;
        if (step > cutAt) {
            throw new IllegalStateException("the process has ended and goes on");
        }
        return step == cutAt;
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        step(() -> disk.makeFolder(folder));
    }

    @Override
    public void write(Path file, byte[] content) throws IOException {
        step(() -> disk.write(file, content), () -> disk.write(file, Arrays.copyOf(content, content.length / 2)));
    }

    @Override
    public void makeSparse(Path file, long sizeBytes) throws IOException {
        step(() -> disk.makeSparse(file, sizeBytes), () -> Files.createFile(file));
    }

    @Override
    public void extend(Path file, long sizeBytes) throws IOException {
        step(() -> disk.extend(file, sizeBytes), () -> disk.extend(file, sizeBytes - 512));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        step(() -> disk.move(from, to));
    }

    @Override
    public void link(Path link, String target) throws IOException {
        step(() -> disk.link(link, target));
    }

    @Override
    public void delete(Path path) throws IOException {
        step(() -> disk.delete(path));
    }

    @Override
    public void sync(Path path) throws IOException {
        step(() -> disk.sync(path));
    }

    @Override
    public void run(List<String> command, Duration timeout) throws IOException {
        step(() -> disk.run(command, timeout), () -> part(command));
    }

    /** What a killed qemu-img may leave: half a new image, or a backing image that holds anything where its overlay does. */
    private static void part(List<String> command) throws IOException {
        Path image = Path.of(command.get(command.indexOf("--") + 1));
        switch (command.get(1)) {
            case "create" -> Files.write(image, new byte[] {'Q', 'F', 'I'});
            case "commit" -> {
                String backing = ImageHeader.backing(image).orElseThrow();
                Image.Format format = backing.endsWith(".raw") ? Image.Format.RAW : Image.Format.QCOW2;
                Qemu.write(image.resolveSibling(backing), format, 0, 512, 0xee);
            }
            default -> {}
        }
    }
}
