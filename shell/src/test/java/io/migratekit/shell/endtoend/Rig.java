package io.migratekit.shell.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.Facility;
import io.migratekit.nbd.peer.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** What tests use to hurt the running program: images, peers at a known place, small disks, signals, patience. */
final class Rig {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Pattern JOB = Pattern.compile("(?m)^(job-\\S+) started$");

    private Rig() {}

    /** Makes an image whose first three quarters are random, and its end a hole. */
    static Path image(Path file, int lengthBytes, long seed) throws IOException {
        byte[] content = new byte[lengthBytes - lengthBytes / 4];
        new Random(seed).nextBytes(content);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(content));
        }
        return sized(file, lengthBytes);
    }

    /** Makes {@code file} that long; what is new is a hole. */
    static Path sized(Path file, long lengthBytes) throws IOException {
        Peer.run(Duration.ofSeconds(5), "truncate", "-s", Long.toString(lengthBytes), file.toString())
                .orFail();
        return file;
    }

    /** Serves at the socket {@code folder/s}, so that it can die and come back at the same address. */
    static Peer nbdkitAt(Path folder, String... arguments) throws IOException {
        Files.deleteIfExists(folder.resolve("pid"));
        Files.deleteIfExists(folder.resolve("s"));
        List<String> command = new ArrayList<>(List.of("nbdkit", "-f", "-P", folder + "/pid", "-U", folder + "/s"));
        command.addAll(List.of(arguments));
        return Peer.start(folder, folder.resolve("pid"), command);
    }

    static String uriAt(Path folder) {
        return "nbd+unix:///?socket=" + folder.resolve("s");
    }

    /** Waits until an image holds data at an offset. */
    static void awaitData(Path image, long offsetBytes) throws InterruptedException {
        until("data is at byte %d of %s".formatted(offsetBytes, image), () -> holdsData(image, offsetBytes));
    }

    private static boolean holdsData(Path image, long offsetBytes) {
        if (!Files.exists(image)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
            ByteBuffer block = ByteBuffer.allocate(4096);
            channel.read(block, offsetBytes);
            return block.flip().mismatch(ByteBuffer.allocate(block.limit())) >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a program has said which job it runs; returns its id. */
    static String awaitJob(Path output) throws InterruptedException {
        until("a job is named in " + output, () -> job(output).isPresent());
        return job(output).orElseThrow();
    }

    private static Optional<String> job(Path output) {
        return JOB.matcher(text(output)).results().map(found -> found.group(1)).findFirst();
    }

    /** Returns what a program has said so far. */
    static String text(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void until(String what, BooleanSupplier holds) throws InterruptedException {
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time until %s", what).isLessThan(endNanos);
            Thread.sleep(10);
        }
    }

    /** Waits for the end and returns the exit code. */
    static int ended(Process process) throws InterruptedException {
        until("process %d ends".formatted(process.pid()), () -> !process.isAlive());
        return process.exitValue();
    }

    static void signal(Process process, String name) {
        Peer.run(Duration.ofSeconds(5), "kill", "-" + name, Long.toString(process.pid()))
                .orFail();
    }

    /** Puts a disk of that size under {@code folder}; where this user may not mount, the test ends as {@link Facility} says. */
    static AutoCloseable smallDisk(Path folder, String size) throws IOException {
        Files.createDirectories(folder);
        var mounted =
                Peer.run(Duration.ofSeconds(5), "mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder + "");
        if (mounted.exitCode() != 0) {
            throw Facility.MOUNT.missing(mounted.output());
        }
        return () -> Peer.run(Duration.ofSeconds(5), "umount", "-l", folder.toString())
                .orFail();
    }

    /** Fills the disk under {@code folder} to the last byte; returns the file that does. */
    static Path fill(Path folder) throws IOException {
        Path ballast = folder.resolve("ballast");
        try (FileChannel channel = FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(4096);
            while (channel.write(block.clear()) > 0) {
                assertThat(channel.size()).as("a small disk").isLessThan(1 << 30);
            }
        } catch (IOException full) {
            return ballast;
        }
        throw new IllegalStateException(folder + " cannot be filled");
    }
}
