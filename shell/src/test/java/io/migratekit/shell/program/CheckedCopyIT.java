package io.migratekit.shell.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies onto a target that knows what it must be given: one wrong byte is an input/output error. */
@NeedsPeer("nbdkit")
final class CheckedCopyIT {
    private static final String SIZE = "128M";
    private static final String[] SHAPE = {"percent=20", "runlength=65536"};

    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void program() {
        program = new Program(folder).with("MIGRATEKIT_COPY_ATTEMPTS", "1");
    }

    @Test
    void everyByteIsRightThroughUnixSocketsAndAWrongOneIsFound() throws Exception {
        try (Peer source = Peer.nbdkit(folder, disk("seed=7"));
                Peer target = Peer.nbdkit(folder, checking("seed=7"));
                Peer other = Peer.nbdkit(folder, checking("seed=8"))) {
            var json = program.run("copy", uri(source), uri(target), "--json")
                    .exits(0)
                    .json();
            assertThat(json.get("bytesTotal").asLong()).isEqualTo(128L << 20);
            assertThat(json.get("bytesCopied").asLong()).isBetween(8L << 20, 64L << 20);
            assertThat(program.run("copy", uri(source), uri(other)).exits(1).err())
                    .as("the target's seed is another one")
                    .contains("input/output error", "offset=");
        }
    }

    @Test
    void everyByteIsRightThroughTcp() throws Exception {
        int[] ports = freePorts();
        try (Peer source = tcp(ports[0], disk("seed=9"));
                Peer target = tcp(ports[1], checking("seed=9"))) {
            assertThat(source.alive() && target.alive()).isTrue();
            program.run("copy", "nbd://127.0.0.1:" + ports[0], "nbd://127.0.0.1:" + ports[1])
                    .exits(0);
        }
    }

    private static String[] disk(String seed) {
        return new String[] {"sparse-random", SIZE, seed, SHAPE[0], SHAPE[1]};
    }

    private static String[] checking(String seed) {
        List<String> words = new ArrayList<>(List.of("--filter=checkwrite"));
        words.addAll(List.of(disk(seed)));
        return words.toArray(String[]::new);
    }

    private static String uri(Peer peer) {
        return peer.uri("").toString();
    }

    private Peer tcp(int port, String... arguments) throws IOException {
        Path own = Files.createTempDirectory(folder, "tcp");
        Path pid = own.resolve("pid");
        List<String> command =
                new ArrayList<>(List.of("nbdkit", "-f", "-P", pid.toString(), "-i", "127.0.0.1", "-p", port + ""));
        command.addAll(List.of(arguments));
        return Peer.start(own, pid, command);
    }

    /** Returns two that nobody listened on a moment ago. */
    private static int[] freePorts() throws IOException {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }
}
