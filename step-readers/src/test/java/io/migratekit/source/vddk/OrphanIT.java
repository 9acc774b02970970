package io.migratekit.source.vddk;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.peer.NeedsPeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process leaves behind: nothing. */
@NeedsPeer("nbdkit")
final class OrphanIT {
    @TempDir
    Path folder;

    private StandIn standIn;

    @BeforeEach
    void prepare() throws IOException {
        standIn = StandIn.in(folder);
    }

    @Test
    void nbdkitEndsWithAKilledProcess() throws Exception {
        killHolder(uri -> {});
    }

    @Test
    void nbdkitEndsWithAKilledProcessEvenIfItHangs() throws Exception {
        killHolder(uri -> {
            standIn.put("hang-at-read", "");
            Thread reader = new Thread(() -> hang(uri));
            reader.setDaemon(true);
            reader.start();
            Thread.sleep(300);
        });
    }

    @Test
    void thePasswordDoesNotStayWhenAProcessIsKilledWhileNbdkitStarts() throws Exception {
        standIn.put("hang-at-start", "");
        Process holder = startHolder();
        try {
            await(() -> !standIn.lines("starts").isEmpty());
            assertThat(named("password")).isTrue();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        long nbdkit = Long.parseLong(standIn.lines("starts").get(0));
        await(() -> !StandIn.alive(nbdkit) && empty());
    }

    private interface Trouble {
        void make(NbdUri uri) throws Exception;
    }

    private void killHolder(Trouble trouble) throws Exception {
        Process holder = startHolder();
        try (BufferedReader words = holder.inputReader()) {
            long nbdkit = Long.parseLong(words.readLine());
            trouble.make(NbdUri.parse(words.readLine()));
            assertThat(StandIn.alive(nbdkit)).isTrue();
            holder.destroyForcibly().waitFor();
            await(() -> !StandIn.alive(nbdkit) && empty());
        } finally {
            holder.destroyForcibly().waitFor();
        }
    }

    private Process startHolder() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        VddkProgram.class.getName(),
                        standIn.control().toString(),
                        standIn.sockets().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void hang(NbdUri uri) {
        Duration limit = Duration.ofSeconds(10);
        try (NbdClient client = NbdClient.connect(uri, new ClientOptions(limit, limit, List.of()))) {
            client.read(0, ByteBuffer.allocate(512));
        } catch (IOException e) {
            // the server is killed meanwhile
        }
    }

    private boolean named(String name) throws IOException {
        try (Stream<Path> tree = Files.walk(standIn.sockets())) {
            return tree.anyMatch(path -> path.endsWith(name));
        }
    }

    private boolean empty() {
        String[] names = standIn.sockets().toFile().list();
        return names != null && names.length == 0;
    }

    private static void await(BooleanSupplier holds) throws InterruptedException {
        for (int attempt = 0; !holds.getAsBoolean(); attempt++) {
            assertThat(attempt).as("waits of 20 ms").isLessThan(500);
            Thread.sleep(20);
        }
    }
}
