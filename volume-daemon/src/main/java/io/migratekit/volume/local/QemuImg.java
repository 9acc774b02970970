package io.migratekit.volume.local;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What we ask of qemu-img (qemu-img(1)). Names of images are absolute, so none is taken for an option or a protocol;
 * names of backing files are ours and relative, so a pool can be moved.
 */
final class QemuImg {
    private static final String PROGRAM = "qemu-img";

    /** Far more than any call takes that copies nothing; storage that is slower than this is as good as gone. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** A merge that is slower than this has hung. */
    private static final long COPIED_BYTES_PER_SECOND_MIN = 5_000_000;

    private final Tools tools;
    private final Disk disk;

    QemuImg(Tools tools, Disk disk) {
        this.tools = tools;
        this.disk = disk;
    }

    boolean installed() {
        return tools.find(PROGRAM).isPresent();
    }

    /** Returns the first line that it says of itself. */
    Optional<String> version() throws IOException {
        Optional<Path> program = tools.find(PROGRAM);
        if (program.isEmpty()) {
            return Optional.empty();
        }
        String output = Program.run(List.of(program.get().toString(), "--version"), TIMEOUT)
                .output();
        return output.lines().findFirst();
    }

    /**
     * Checks that it is installed.
     *
     * @param purpose what cannot be done without it
     * @throws VolumeException with the command that installs it
     */
    Path program(String purpose) {
        return tools.find(PROGRAM)
                .orElseThrow(() -> new VolumeException(
                        VolumeException.Kind.REFUSED,
                        "%s needs qemu-img, which is not installed. Run 'apt-get install qemu-utils' and ask again"
                                .formatted(purpose)));
    }

    void create(Path image, long sizeBytes) throws IOException {
        run("create", TIMEOUT, "-f", "qcow2", "--", image.toString(), Long.toString(sizeBytes));
        disk.sync(image);
    }

    /**
     * Makes an image that reads as another until it is written.
     *
     * @param backing as seen from the overlay's folder
     * @param sizeBytes at least the backing image's; what is beyond it reads as zero
     */
    void overlay(Path image, String backing, Image.Format format, long sizeBytes) throws IOException {
        run(
                "create",
                TIMEOUT,
                "-f",
                "qcow2",
                "-b",
                backing,
                "-F",
                word(format),
                "--",
                image.toString(),
                Long.toString(sizeBytes));
        disk.sync(image);
    }

    void resize(Path image, long sizeBytes) throws IOException {
        run("resize", TIMEOUT, "-f", "qcow2", "--", image.toString(), Long.toString(sizeBytes));
    }

    /**
     * Writes what an overlay holds into its backing image, which grows to the overlay's size; the overlay stays as it
     * is. Repeatable after a crash, since all that reads through the overlay reads the same meanwhile.
     *
     * @param allocatedBytes of the overlay
     */
    void commit(Path overlay, Path backing, long allocatedBytes) throws IOException {
        Duration timeout = TIMEOUT.plusSeconds(allocatedBytes / COPIED_BYTES_PER_SECOND_MIN);
        run("commit", timeout, "-d", "-f", "qcow2", "--", overlay.toString());
        disk.sync(backing);
    }

    /** Gives an overlay another backing image that holds the same. */
    void rebase(Path overlay, String backing, Image.Format format) throws IOException {
        run("rebase", TIMEOUT, "-u", "-f", "qcow2", "-b", backing, "-F", word(format), "--", overlay.toString());
        disk.sync(overlay);
    }

    /**
     * Tells whether a process of qemu's writes an image, such as a VM or an export that we do not know of: they lock what
     * they open. What else may be wrong with the image is not told here.
     */
    boolean inUse(Path image, Image.Format format) throws IOException {
        Optional<Path> program = tools.find(PROGRAM);
        if (program.isEmpty()) {
            return false;
        }
        List<String> command = List.of(program.get().toString(), "info", "-f", word(format), "--", image.toString());
        return new ProgramFailure(Program.run(command, TIMEOUT).words()).inUse();
    }

    private void run(String verb, Duration timeout, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(program("an image of format qcow2").toString(), verb, "-q"));
        command.addAll(List.of(arguments));
        disk.run(command, timeout);
    }

    private static String word(Image.Format format) {
        return format.name().toLowerCase(Locale.ROOT);
    }
}
