package io.migratekit.shell.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.shell.program.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that serves the target of a replication, and is killed: nobody but the replication can bring it back. */
@Timeout(240)
final class VolumeDaemonKilledIT {
    private static final int IMAGE_BYTES = 24 << 20;
    private static final int BYTES_PER_SECOND = 4 << 20;
    private static final int COMMITTED_BYTES = 1 << 20;

    @TempDir
    Path folder;

    @Test
    @NeedsPeer("qemu-storage-daemon")
    void theReplicationStartsAnotherOneAndGoesOnByItself() throws Exception {
        Program program = new Program(folder)
                .with("MIGRATEKIT_CHUNK_BYTES", "1MB")
                .with("MIGRATEKIT_COPY_WINDOW", "2MB")
                .with("MIGRATEKIT_VOLUMES_ENGINE", "embedded") // its exports die with the daemon
                .with("MIGRATEKIT_VOLUMES_RESERVE", "0")
                .with("MIGRATEKIT_VOLUMES_PORT", "0");
        Path source = Rig.image(folder.resolve("source.raw"), IMAGE_BYTES, 5);
        Path output = folder.resolve("output.txt");
        Optional<ProcessHandle> second = Optional.empty();
        try (SlowDisk slow = SlowDisk.of(folder, source, BYTES_PER_SECOND)) {
            program.run("vm", "add", "web01", "--disk", slow.uri()).exits(0);
            Process replication = program.start(output, "replicate", "start", "web01", "--wait");
            Path volumes = program.home().resolve("volumes");
            Rig.until("the volume is there", () -> disk(volumes).isPresent());
            Path disk = disk(volumes).orElseThrow();
            Rig.awaitData(disk, COMMITTED_BYTES);
            slow.limit(SlowDisk.NEARLY_STILL);
            ProcessHandle first = daemonOf(replication).orElseThrow();
            first.destroyForcibly();
            first.onExit().join();
            Rig.until("another daemon is started", () -> daemonOf(replication).isPresent());
            second = daemonOf(replication);
            slow.limit(SlowDisk.OPEN);
            assertThat(Rig.ended(replication)).as(Files.readString(output)).isZero();
            assertThat(Files.mismatch(source, disk)).isEqualTo(-1);
            assertThat(program.run("volume", "exports").exits(0).out())
                    .as("what the replication used is ended")
                    .contains("Nothing is exported.");
        } finally {
            second.ifPresent(daemon -> {
                daemon.destroy();
                daemon.onExit().orTimeout(60, TimeUnit.SECONDS).join();
            });
        }
    }

    private static Optional<ProcessHandle> daemonOf(Process replication) {
        return replication
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("volume-daemon"))
                .findFirst();
    }

    private static Optional<Path> disk(Path volumes) {
        if (!Files.isDirectory(volumes)) {
            return Optional.empty();
        }
        try (Stream<Path> found = Files.walk(volumes)) {
            return found.filter(file -> file.getFileName().toString().equals("disk"))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // a file that has just been renamed
        }
    }
}
