package io.migratekit.shell.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.shell.program.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that are told to stop at an awkward moment, or that want the same at once. */
final class StopsIT {
    private static final int IMAGE_BYTES = 24 << 20;
    private static final int BYTES_PER_SECOND = 4 << 20;
    private static final int COMMITTED_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private Program program;
    private Path source;
    private Path target;
    private Path output;

    @BeforeEach
    void prepare() throws Exception {
        program = new Program(folder).with("MIGRATEKIT_CHUNK_BYTES", "1MB").with("MIGRATEKIT_COPY_WINDOW", "2MB");
        source = Rig.image(folder.resolve("source.raw"), IMAGE_BYTES, 4);
        target = folder.resolve("target.raw");
        output = folder.resolve("output.txt");
    }

    /** SIGTERM is what a service manager and a host going down send; the second start meets the first at work. */
    @Test
    @NeedsPeer("qemu-storage-daemon")
    void theSecondStartIsBusyAndSigtermDrainsTheFirst() throws Exception {
        try (SlowDisk slow = SlowDisk.of(folder, source, BYTES_PER_SECOND)) {
            String uri = slow.uri();
            Process first = program.start(output, "copy", uri, target + "", "--json");
            Rig.awaitData(target, COMMITTED_BYTES);
            slow.limit(SlowDisk.NEARLY_STILL);
            assertThat(program.run("copy", uri, target + "").exits(5).err())
                    .contains(
                            " is busy: job job-",
                            "in process " + first.pid() + " on host",
                            "stop it with 'replicate stop job-");
            slow.limit(BYTES_PER_SECOND);
            Rig.signal(first, "TERM");
            assertThat(Rig.ended(first)).as(Files.readString(output)).isEqualTo(130);
            assertThat(Files.readString(output)).contains("\"status\":\"stopped\"");
            slow.limit(SlowDisk.OPEN);
            var json = program.run("copy", uri, target + "", "--json").exits(0).json();
            assertThat(json.get("restarts").asInt()).isEqualTo(1);
            assertThat(json.get("bytesRecopied").asLong())
                    .as("what was under way behind the last commit")
                    .isLessThanOrEqualTo(12L << 20);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    /** The loss of a terminal (SIGHUP) and Ctrl-C (SIGINT) do what SIGTERM does. */
    @ParameterizedTest
    @ValueSource(strings = {"HUP", "INT"})
    @NeedsPeer("qemu-storage-daemon")
    void aCopyThatIsInterruptedDrainsAndGoesOnWithTheSameCommand(String signal) throws Exception {
        try (SlowDisk slow = SlowDisk.of(folder, source, BYTES_PER_SECOND)) {
            Process process = program.start(output, "copy", slow.uri(), target + "", "--json");
            Rig.awaitData(target, COMMITTED_BYTES);
            Rig.signal(process, signal);
            assertThat(Rig.ended(process)).as(Files.readString(output)).isEqualTo(130);
            assertThat(Files.readString(output)).contains("\"status\":\"stopped\"");
            slow.limit(SlowDisk.OPEN);
            var json = program.run("copy", slow.uri(), target + "", "--json")
                    .exits(0)
                    .json();
            assertThat(json.get("restarts").asInt()).isEqualTo(1);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    @NeedsPeer("qemu-storage-daemon")
    void aKilledJobIsRestartedAndABusyVmIsRefused() throws Exception {
        try (SlowDisk slow = SlowDisk.of(folder, source, BYTES_PER_SECOND)) {
            program.run("vm", "add", "web01", "--disk", slow.uri() + "=" + target)
                    .exits(0);
            Process process = program.start(output, "replicate", "start", "web01", "--wait");
            Rig.awaitData(target, COMMITTED_BYTES);
            slow.limit(SlowDisk.NEARLY_STILL);
            assertThat(program.run("replicate", "start", "web01", "--wait")
                            .exits(5)
                            .err())
                    .contains("busy");
            assertThat(program.run("replicate", "start", "web01").exits(5).err())
                    .contains("busy");
            assertThat(program.run("vm", "remove", "web01").exits(5).err()).contains("replicate stop");
            Rig.signal(process, "KILL");
            assertThat(Rig.ended(process)).isNotZero();
            slow.limit(SlowDisk.OPEN);
            var dead = program.run("job", "list", "--json")
                    .exits(0)
                    .json()
                    .get("jobs")
                    .get(0);
            assertThat(dead.get("processDied").asBoolean()).isTrue();
            var recovered = program.run("job", "recover", "--json").exits(0).json();
            assertThat(recovered.get("recovered")).hasSize(1);
            program.run("replicate", "restart", "web01", "--wait").exits(0);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        assertThat(program.run("job", "events", "web01").exits(0).out()).contains("recovered");
    }

    @Test
    @NeedsPeer("qemu-storage-daemon")
    void aVerificationIsStoppedFromOutsideAndEndedWhenItsProcessDied() throws Exception {
        try (SlowDisk disk = SlowDisk.of(folder, source, SlowDisk.OPEN)) {
            program.run("vm", "add", "web01", "--disk", disk.uri() + "=" + target)
                    .exits(0);
            program.run("replicate", "start", "web01", "--wait").exits(0);
            disk.limit(SlowDisk.NEARLY_STILL);
            Process killed = program.start(output, "verify", "web01");
            Rig.awaitJob(output);
            Rig.signal(killed, "KILL");
            assertThat(Rig.ended(killed)).isNotZero();
            var listed = program.run("job", "list").exits(0).out();
            assertThat(listed).contains("process died", "To compare anew: verify web01");
            assertThat(program.run("job", "recover").exits(0).out()).contains("has ended; 'verify' compares anew");
            assertThat(program.run("job", "list").exits(0).out())
                    .contains("interrupted")
                    .doesNotContain("verifying");
            disk.limit(1 << 20); // reads under way end soon, the disk does not
            Process stopped = program.start(output, "verify", "web01");
            String id = Rig.awaitJob(output);
            assertThat(program.run("job", "events", id).exits(0).err()).isEmpty();
            program.run("replicate", "stop", id, "--wait").exits(0);
            assertThat(Rig.ended(stopped)).as(Files.readString(output)).isEqualTo(130);
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void aStopDuringThePlanLeavesNothingHalfDone() throws Exception {
        try (Peer peer = Peer.nbdkit(folder, "--filter=delay", "file", source + "", "delay-extents=1500ms")) {
            String uri = peer.uri("").toString();
            program.run("vm", "add", "web01", "--disk", uri + "=" + target).exits(0);
            Process process = program.start(output, "replicate", "start", "web01", "--wait");
            Rig.until("the target is made, and the plan begins", () -> Files.exists(target));
            Rig.signal(process, "INT");
            assertThat(Rig.ended(process)).as(Files.readString(output)).isEqualTo(130);
            assertThat(program.run("replicate", "list", "--json").exits(0).out())
                    .contains("\"stopped\"");
            program.run("replicate", "start", "web01", "--wait").exits(0);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    @NeedsPeer("qemu-storage-daemon")
    void theThirdInterruptLeavesAtOnceAndCostsNoMoreThanACrash() throws Exception {
        try (SlowDisk slow = SlowDisk.of(folder, source, BYTES_PER_SECOND)) {
            String uri = slow.uri();
            Process process = program.start(output, "copy", uri, target + "");
            Rig.awaitData(target, COMMITTED_BYTES);
            for (int times = 0; times < 3 && process.isAlive(); times++) {
                process.toHandle().destroy(); // SIGTERM, without the time that a kill(1) takes
                Thread.sleep(20);
            }
            assertThat(Rig.ended(process)).as(Files.readString(output)).isEqualTo(130);
            slow.limit(SlowDisk.OPEN);
            program.run("copy", uri, target + "").exits(0);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }
}
