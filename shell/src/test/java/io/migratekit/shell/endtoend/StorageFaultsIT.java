package io.migratekit.shell.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.shell.program.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storage that fails under a running copy. Whatever happens, the same command ends with the right bytes. */
@NeedsPeer("nbdkit")
final class StorageFaultsIT {
    private static final int IMAGE_BYTES = 32 << 20;
    /** A range is at most a chunk (1 MiB) and a window (2 MiB) ahead of its cursor: data here means a stored commit. */
    private static final int COMMITTED_BYTES = 4 << 20;

    @TempDir
    Path folder;

    private Program program;
    private Path source;
    private Path target;

    @BeforeEach
    void prepare() throws Exception {
        program = new Program(folder)
                .with("MIGRATEKIT_CHUNK_BYTES", "1MB")
                .with("MIGRATEKIT_COPY_WINDOW", "2MB")
                .with("MIGRATEKIT_COPY_RECONNECTTIMEOUT", "3s");
        source = Rig.image(folder.resolve("source.raw"), IMAGE_BYTES, 2);
        target = folder.resolve("target.raw");
    }

    @Test
    void aFullVolumeIsNamedAndTheSameCommandGoesOn() throws Exception {
        Rig.sized(target, IMAGE_BYTES);
        Path full = Files.createFile(folder.resolve("full"));
        try (Peer peer = Peer.nbdkit(
                folder,
                "--filter=error",
                "file",
                target + "",
                "error=ENOSPC",
                "error-pwrite-rate=20%",
                "error-file=" + full)) {
            String uri = peer.uri("").toString();
            var failed = program.run("copy", source + "", uri).exits(1);
            assertThat(failed.err()).contains("no space left on device", "make room, then run the same command");
            Files.delete(full);
            program.run("copy", source + "", uri, "--json").exits(0);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void aFullFileSystemIsNamedAndTheSameCommandGoesOn() throws Exception {
        Path small = folder.resolve("small");
        try (AutoCloseable disk = Rig.smallDisk(small, "12m")) {
            assertThat(disk).isNotNull();
            Path image = small.resolve("target.raw");
            var failed = program.run("copy", source + "", image + "").exits(1);
            assertThat(failed.err()).contains("no space left on device", image.toString(), "make room");
            Peer.run(Duration.ofSeconds(5), "mount", "-o", "remount,size=64m", small + "")
                    .orFail();
            var json = program.run("copy", source + "", image + "", "--json")
                    .exits(0)
                    .json();
            assertThat(json.get("restarts").asInt()).isEqualTo(1);
            assertThat(Files.mismatch(source, image)).isEqualTo(-1);
        }
    }

    @Test
    void aFullLogStopsNoJobNotEvenInAProcessOfItsOwn() throws Exception {
        try (AutoCloseable disk = Rig.smallDisk(program.home().resolve("logs"), "1m")) {
            assertThat(disk).isNotNull();
            Rig.fill(program.home().resolve("logs"));
            program.run("vm", "add", "web01", "--disk", source + "=" + target).exits(0);
            program.run("replicate", "start", "web01").exits(0);
            Rig.until("the replication is complete", () -> shown("web01").contains("\"completed\""));
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    private String shown(String vm) {
        try {
            return program.run("replicate", "show", vm, "--json").exits(0).out();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRequestThatFailsNowAndThenIsTriedAgain() throws Exception {
        try (Peer peer =
                Peer.nbdkit(folder, "--filter=error", "file", source + "", "error=EIO", "error-pread-rate=10%")) {
            var outcome = program.run("copy", peer.uri("") + "", target + "").exits(0);
            assertThat(outcome.out() + outcome.err()).contains("retry: ", "a request is tried again");
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void aDiskThatFailsAlwaysIsGivenUpWithFewWords() throws Exception {
        try (Peer peer = Peer.nbdkit(
                folder, "--filter=error", "memory", IMAGE_BYTES + "", "error=EIO", "error-pwrite-rate=100%")) {
            var outcome = program.run("copy", source + "", peer.uri("") + "").exits(1);
            assertThat(outcome.err()).contains("input/output error. It failed on every attempt: check the disk");
            assertThat((outcome.out() + outcome.err()).lines()).hasSizeLessThan(12);
        }
    }

    @Test
    void aSourceThatDiesAndComesBackIsReadOn() throws Exception {
        program.with("MIGRATEKIT_COPY_RECONNECTTIMEOUT", "60s");
        var slow = new String[] {"--filter=rate", "file", source.toString(), "rate=64M"};
        Peer first = Rig.nbdkitAt(folder, slow);
        Path output = folder.resolve("output.txt");
        Process process = program.start(output, "copy", Rig.uriAt(folder), target + "");
        Rig.awaitData(target, COMMITTED_BYTES);
        first.kill();
        Rig.until("an attempt has failed", () -> Rig.text(output).contains("the source is lost, attempt 1"));
        try (Peer second = Rig.nbdkitAt(folder, "file", source.toString())) {
            assertThat(Rig.ended(process)).as(Files.readString(output)).isZero();
            assertThat(second.alive()).isTrue();
        }
        assertThat(Files.readString(output)).contains("reconnect: ", "the source is lost, attempt 1", "copy completed");
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void aSourceThatStaysAwayEndsTheJobWhichGoesOnLater() throws Exception {
        Peer first = Rig.nbdkitAt(folder, "--filter=rate", "file", source.toString(), "rate=64M");
        Path output = folder.resolve("output.txt");
        Process process = program.start(output, "copy", Rig.uriAt(folder), target + "");
        Rig.awaitData(target, COMMITTED_BYTES);
        first.kill();
        assertThat(Rig.ended(process)).isEqualTo(1);
        assertThat(Files.readString(output))
                .contains("stayed away for 3 s", "Bring it back, then run the same command")
                .contains("What was committed stays; the same command goes on from there.");
        try (Peer second = Rig.nbdkitAt(folder, "file", source.toString())) {
            assertThat(second.alive()).isTrue();
            var json = program.run("copy", Rig.uriAt(folder), target + "", "--json")
                    .exits(0)
                    .json();
            assertThat(json.get("restarts").asInt()).isEqualTo(1);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void aTargetThatDiesAndComesBackLosesNothing() throws Exception {
        program.with("MIGRATEKIT_COPY_RECONNECTTIMEOUT", "60s");
        Rig.sized(target, IMAGE_BYTES);
        Peer first = Rig.nbdkitAt(folder, "--filter=rate", "file", target.toString(), "rate=64M");
        Path output = folder.resolve("output.txt");
        Process process = program.start(output, "copy", source + "", Rig.uriAt(folder), "--destination-is-zero");
        Rig.awaitData(target, COMMITTED_BYTES);
        first.kill();
        try (Peer second = Rig.nbdkitAt(folder, "file", target.toString())) {
            assertThat(Rig.ended(process)).as(Files.readString(output)).isZero();
            assertThat(second.alive()).isTrue();
        }
        assertThat(Files.readString(output)).contains("the target is lost, attempt 1");
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }
}
