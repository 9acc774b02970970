package io.migratekit.shell.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.shell.program.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What serves the target of a replication is killed, the daemon or the process that serves for it: nobody but the
 * replication can bring it back, and it goes on by itself.
 */
@Timeout(240)
@NeedsPeer({"qemu-storage-daemon", "qemu-img"})
final class VolumeDaemonKilledIT {
    private static final int IMAGE_BYTES = 24 << 20;
    private static final int BYTES_PER_SECOND = 4 << 20;
    private static final int COMMITTED_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private Program program;
    private Path source;
    private Path output;

    @BeforeEach
    void prepare() throws IOException {
        program = new Program(folder)
                .with("MIGRATEKIT_CHUNK_BYTES", "1MB")
                .with("MIGRATEKIT_COPY_WINDOW", "2MB")
                .with("MIGRATEKIT_VOLUMES_RESERVE", "0")
                .with("MIGRATEKIT_VOLUMES_PORT", "0");
        source = Rig.image(folder.resolve("source.raw"), IMAGE_BYTES, 5);
        output = folder.resolve("output.txt");
    }

    /** A storage daemon is nobody's child, so that it outlives whoever started it. */
    @AfterEach
    void endWhatServes() {
        storageDaemon().ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Hurts what serves the target, and returns when it is as it was before. */
    private interface Blow {
        void strike(Process replication) throws Exception;
    }

    @Test
    void theDaemonThatServesByItself() throws Exception {
        program.with("MIGRATEKIT_VOLUMES_ENGINE", "embedded"); // its exports die with the daemon
        replicateUnder("raw", VolumeDaemonKilledIT::killDaemon);
    }

    @Test
    void theDaemonWhoseStorageDaemonServesOn() throws Exception {
        program.with("MIGRATEKIT_VOLUMES_ENGINE", "qemu");
        replicateUnder("qcow2", replication -> {
            ProcessHandle serving = storageDaemon().orElseThrow();
            killDaemon(replication);
            assertThat(storageDaemon()).as("the next daemon takes it over").contains(serving);
        });
    }

    @Test
    void theStorageDaemonOfTheDaemon() throws Exception {
        program.with("MIGRATEKIT_VOLUMES_ENGINE", "qemu");
        replicateUnder("qcow2", replication -> {
            ProcessHandle daemon = daemonOf(replication).orElseThrow();
            kill(storageDaemon().orElseThrow());
            Rig.until("another process serves", () -> storageDaemon().isPresent());
            assertThat(daemonOf(replication)).as("the daemon is the same").contains(daemon);
        });
    }

    private void replicateUnder(String format, Blow blow) throws Exception {
        Optional<Process> started = Optional.empty();
        Optional<ProcessHandle> last = Optional.empty();
        try (SlowDisk slow = SlowDisk.of(folder, source, BYTES_PER_SECOND)) {
            program.run("vm", "add", "web01", "--disk", slow.uri()).exits(0);
            Process replication = program.start(output, "replicate", "start", "web01", "--wait");
            started = Optional.of(replication);
            Path volumes = program.home().resolve("volumes");
            Rig.until("the volume is there", () -> disk(volumes).isPresent());
            Path disk = disk(volumes).orElseThrow();
            awaitData(disk, format);
            slow.limit(SlowDisk.NEARLY_STILL);
            blow.strike(replication);
            assertThat(replication.isAlive()).as(Rig.text(output)).isTrue();
            last = daemonOf(replication);
            slow.limit(SlowDisk.OPEN);
            assertThat(Rig.ended(replication)).as(Rig.text(output)).isZero();
            assertThat(program.run("volume", "exports").exits(0).out())
                    .as("what the replication used is ended")
                    .contains("Nothing is exported.");
            end(last.orElseThrow());
            Peer.run(Duration.ofSeconds(60), "qemu-img", "compare", "-f", "raw", "-F", format, source + "", disk + "")
                    .orFail();
        } finally {
            started.stream().flatMap(Process::descendants).forEach(ProcessHandle::destroyForcibly);
            started.ifPresent(Process::destroyForcibly);
            last.ifPresent(ProcessHandle::destroyForcibly); // nobody's child any more
        }
    }

    private static void awaitData(Path disk, String format) throws Exception {
        if (format.equals("raw")) {
            Rig.awaitData(disk, COMMITTED_BYTES);
            return;
        }
        Rig.until("%s has grown".formatted(disk), () -> bytesOf(disk) > 2 * COMMITTED_BYTES);
    }

    private static void killDaemon(Process replication) throws Exception {
        kill(daemonOf(replication).orElseThrow());
        Rig.until("another daemon is started", () -> daemonOf(replication).isPresent());
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    private static void end(ProcessHandle daemon) {
        daemon.destroy();
        daemon.onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static Optional<ProcessHandle> daemonOf(Process replication) {
        return replication
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("volume-daemon"))
                .findFirst();
    }

    private Optional<ProcessHandle> storageDaemon() {
        Path file = program.home().resolve("exports/qemu.pid");
        try {
            String text = Files.readString(file).strip();
            return text.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(text)).filter(ProcessHandle::isAlive);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> disk(Path volumes) {
        if (!Files.isDirectory(volumes)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.walk(volumes)) {
            return found.filter(file -> file.getFileName().toString().equals("disk"))
                    .filter(file -> !file.toString().contains("/.new-")) // still being made
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // a file that has just been renamed
        }
    }

    private static long bytesOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
