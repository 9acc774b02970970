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

/** Processes that are told to stop at an awkward moment, or that want the same at once. */
final class StopsIT {
    private static final int IMAGE_BYTES = 24 << 20;
    /** Slow enough that a second process is up before the first has copied all. */
    private static final int BYTES_PER_SECOND = 5 << 19;

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
        try (Peer slow = Rig.slow(folder, source, BYTES_PER_SECOND)) {
            String uri = slow.uri("disk").toString();
            Process first = program.start(output, "copy", uri, target + "", "--json");
            Rig.awaitData(target, COMMITTED_BYTES);
            assertThat(program.run("copy", uri, target + "").exits(5).err())
                    .contains(
                            " is busy: job job-",
                            "in process " + first.pid() + " on host",
                            "stop it with 'replicate stop job-");
            Rig.signal(first, "TERM");
            assertThat(Rig.ended(first)).as(Files.readString(output)).isEqualTo(130);
            assertThat(Files.readString(output)).contains("\"status\":\"stopped\"");
            var json = program.run("copy", uri, target + "", "--json").exits(0).json();
            assertThat(json.get("restarts").asInt()).isEqualTo(1);
            assertThat(json.get("bytesRecopied").asLong())
                    .as("what was under way behind the last commit")
                    .isLessThanOrEqualTo(12L << 20);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    @NeedsPeer("qemu-storage-daemon")
    void theLossOfTheTerminalDrainsAsSigtermDoes() throws Exception {
        try (Peer slow = Rig.slow(folder, source, BYTES_PER_SECOND)) {
            String uri = slow.uri("disk").toString();
            Process process = program.start(output, "copy", uri, target + "", "--json");
            Rig.awaitData(target, COMMITTED_BYTES);
            Rig.signal(process, "HUP");
            assertThat(Rig.ended(process)).as(Files.readString(output)).isEqualTo(130);
            assertThat(Files.readString(output)).contains("\"status\":\"stopped\"");
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void aVerificationIsStoppedFromOutsideAndEndedWhenItsProcessDied() throws Exception {
        try (Peer fast = Rig.nbdkitAt(folder, "file", source.toString())) {
            assertThat(fast.alive()).isTrue();
            program.run("vm", "add", "web01", "--disk", Rig.uriAt(folder) + "=" + target)
                    .exits(0);
            program.run("replicate", "start", "web01", "--wait").exits(0);
        }
        String[] verySlow = {"--filter=rate", "file", source.toString(), "rate=4M"};
        try (Peer slow = Rig.nbdkitAt(folder, verySlow)) {
            assertThat(slow.alive()).isTrue();
            Process killed = program.start(output, "verify", "web01");
            awaitVerifying(killed);
            Rig.signal(killed, "KILL");
            assertThat(Rig.ended(killed)).isNotZero();
            assertThat(program.run("job", "recover").exits(0).out()).contains("has ended; 'verify' compares anew");
            assertThat(jobs()).doesNotContain("verifying");
        }
        try (Peer again = Rig.nbdkitAt(folder, verySlow)) { // nbdkit may not survive a client that is killed
            assertThat(again.alive()).isTrue();
            Process stopped = program.start(output, "verify", "web01", "--json");
            awaitVerifying(stopped);
            String id = jobs().replaceAll("(?s).*?(job-[0-9a-f.-]+)[^\\n]*verifying.*", "$1");
            assertThat(program.run("job", "events", id).exits(0).err()).isEmpty();
            program.run("replicate", "stop", id, "--wait").exits(0);
            assertThat(Rig.ended(stopped)).as(Files.readString(output)).isEqualTo(130);
        }
    }

    private void awaitVerifying(Process process) throws Exception {
        Rig.until("it verifies", () -> jobs().contains("verifying") || !process.isAlive());
        assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
    }

    private String jobs() {
        try {
            return program.run("job", "list").exits(0).out();
        } catch (Exception e) {
            throw new IllegalStateException(e);
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
        try (Peer slow = Rig.slow(folder, source, BYTES_PER_SECOND)) {
            String uri = slow.uri("disk").toString();
            Process process = program.start(output, "copy", uri, target + "");
            Rig.awaitData(target, COMMITTED_BYTES);
            for (int times = 0; times < 3 && process.isAlive(); times++) {
                process.toHandle().destroy(); // SIGTERM, without the time that a kill(1) takes
                Thread.sleep(20);
            }
            assertThat(Rig.ended(process)).as(Files.readString(output)).isEqualTo(130);
            program.run("copy", uri, target + "").exits(0);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }
}
