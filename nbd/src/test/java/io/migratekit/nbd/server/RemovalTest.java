package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports that come and go; a removal is a fence. */
@Timeout(20)
final class RemovalTest {
    private final Path socket;
    private final NbdServer server;
    private final MemoryDevice device = new MemoryDevice(1 << 20);

    RemovalTest(@TempDir Path folder) throws IOException {
        socket = folder.resolve("nbd.sock");
        ServerOptions options = ServerOptions.defaults().withRemovalGrace(Duration.ofMillis(300));
        server = NbdServer.listen(new NbdUri.Unix(socket), options);
        server.add("disk", device, ExportOptions.readWrite());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void endsOnlyItsOwnConnectionsAndClosesItsDevice() throws IOException {
        server.add("other", new MemoryDevice(512), ExportOptions.readWrite());
        try (RawClient idle = RawClient.into(server, "disk", true);
                RawClient other = RawClient.into(server, "other", true)) {
            assertThat(server.connectionCount("disk")).isEqualTo(1);
            assertThat(server.remove("disk")).isTrue();
            assertThat(device.closed()).isTrue();
            assertThat(idle.ended()).isTrue();
            other.request(Command.FLUSH, 0, 0, 0);
            assertThat(other.simpleReply()).isZero();
        }
        assertThat(server.remove("disk")).isFalse();
        assertThat(server.exportNames()).containsExactly("other");
    }

    @Test
    void aNameIsFreeAgainAfterTheRemoval() throws IOException {
        assertThatThrownBy(() -> server.add("disk", new MemoryDevice(1), ExportOptions.readWrite()))
                .hasMessageContaining("there is an export 'disk' already");
        server.remove("disk");
        server.add("disk", new MemoryDevice(512), ExportOptions.readWrite());
        RawClient.into(server, "disk", false).close();
    }

    @Test
    void answersTheRequestAtWorkBeforeItEnds() throws Exception {
        SlowDevice slow = new SlowDevice();
        server.add("slow", slow, ExportOptions.readWrite());
        try (RawClient client = RawClient.into(server, "slow", false)) {
            client.write(0, new byte[512], 0);
            slow.atWork.await();
            FutureTask<Boolean> removal = inBackground(() -> server.remove("slow"));
            // Longer than the grace: the fence must wait for the device, not for the clock.
            assertThatThrownBy(() -> removal.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            slow.mayFinish.countDown();
            assertThat(client.simpleReply()).isZero();
            assertThat(client.ended()).isTrue();
            assertThat(removal.get()).isTrue();
        }
    }

    @ParameterizedTest(name = "round {0}")
    @ValueSource(ints = {1, 2, 3})
    void everyWriteThatReachedTheDeviceIsAnswered(int round) throws Exception {
        CountingDevice counting = new CountingDevice();
        try (NbdServer tcp = NbdServer.listen(new NbdUri.Tcp("127.0.0.1", 0), ServerOptions.defaults())) {
            tcp.add("busy", counting, ExportOptions.readWrite());
            try (RawClient client = RawClient.into(tcp, "busy", false)) {
                FutureTask<Boolean> flood = inBackground(() -> {
                    byte[] write = Arrays.copyOf(RawClient.request(0, Command.WRITE.code, round, 0, 512), 28 + 512);
                    while (true) {
                        client.send(write); // until the server ends the connection
                    }
                });
                FutureTask<Integer> replies = new FutureTask<>(client::countSimpleReplies);
                new Thread(replies).start();
                while (counting.writes.get() < 1000L * round) {
                    Thread.onSpinWait();
                }
                assertThat(tcp.remove("busy")).isTrue();
                int written = counting.writes.get();
                assertThat(replies.get()).isEqualTo(written);
                assertThatThrownBy(flood::get).hasCauseInstanceOf(IOException.class);
                assertThat(counting.writes.get()).isEqualTo(written);
            }
        }
    }

    @Test
    void waitsForTheDeviceEvenWhenTheGraceIsOver() throws Exception {
        SlowDevice slow = new SlowDevice();
        server.add("slow", slow, ExportOptions.readWrite());
        try (RawClient client = RawClient.into(server, "slow", false)) {
            client.write(0, new byte[512], 0);
            slow.atWork.await();
            FutureTask<Boolean> removal = inBackground(() -> server.remove("slow"));
            assertThatThrownBy(() -> removal.get(600, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(slow.closed).isFalse();
            slow.mayFinish.countDown();
            assertThat(removal.get()).isTrue();
            assertThat(slow.closed).isTrue();
        }
    }

    @Test
    void doesNotWaitForAClientThatStopsInAPayload() throws IOException {
        try (RawClient stuck = RawClient.into(server, "disk", false)) {
            stuck.request(Command.WRITE, 0, 0, 4096);
            stuck.send(new byte[100]);
            assertThat(server.remove("disk")).isTrue();
            assertThat(stuck.ended()).isTrue();
        }
    }

    @Test
    void doesNotWaitForAClientThatTakesNoReplies() throws IOException {
        device.write(0, ByteBuffer.allocate(1 << 20).put(0, (byte) 1));
        try (RawClient stuck = RawClient.into(server, "disk", false)) {
            for (int i = 0; i < 16; i++) {
                stuck.request(Command.READ, 0, 0, 1 << 20);
            }
            assertThat(server.remove("disk")).isTrue();
        }
        assertThat(device.closed()).isTrue();
    }

    @Test
    void removalsAtTheSameTimeAreOne() throws Exception {
        for (int round = 0; round < 50; round++) {
            String name = "vol-" + round;
            server.add(name, new MemoryDevice(512), ExportOptions.readWrite());
            FutureTask<Boolean> one = inBackground(() -> server.remove(name));
            FutureTask<Boolean> two = inBackground(() -> server.remove(name));
            assertThat(one.get() ^ two.get()).isTrue();
        }
    }

    @Test
    void closingEndsEverythingAndRemovesTheSocket() throws IOException {
        try (RawClient idle = RawClient.into(server, "disk", true);
                RawClient negotiating = RawClient.greeted(server)) {
            server.close();
            assertThat(idle.ended()).isTrue();
            assertThat(negotiating.ended()).isTrue();
        }
        assertThat(device.closed()).isTrue();
        assertThat(socket).doesNotExist();
    }

    @Test
    void replacesTheSocketOfADeadServerButNotOfALiveOne() throws IOException {
        assertThatThrownBy(() -> NbdServer.listen(new NbdUri.Unix(socket), ServerOptions.defaults()))
                .hasMessageContaining("another server listens on");
        Path stale = socket.resolveSibling("stale.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(stale));
        }
        assertThat(Files.exists(stale)).isTrue();
        NbdServer.listen(new NbdUri.Unix(stale), ServerOptions.defaults()).close();
        Path file = Files.writeString(socket.resolveSibling("file"), "precious");
        assertThatThrownBy(() -> NbdServer.listen(new NbdUri.Unix(file), ServerOptions.defaults()))
                .isInstanceOf(IOException.class);
        assertThat(file).hasContent("precious");
    }

    private static FutureTask<Boolean> inBackground(Callable<Boolean> work) {
        FutureTask<Boolean> task = new FutureTask<>(work);
        new Thread(task).start();
        return task;
    }

    private static final class CountingDevice implements ExportDevice {
        final AtomicInteger writes = new AtomicInteger();

        @Override
        public long sizeBytes() {
            return 512;
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) {
            into.position(into.limit());
        }

        @Override
        public void write(long offsetBytes, ByteBuffer from) {
            from.position(from.limit());
            writes.incrementAndGet();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** Stops inside the first write until it may finish. */
    private static final class SlowDevice implements ExportDevice {
        final CountDownLatch atWork = new CountDownLatch(1);
        final CountDownLatch mayFinish = new CountDownLatch(1);
        volatile boolean closed;

        @Override
        public long sizeBytes() {
            return 512;
        }

        @Override
        public void read(long offsetBytes, ByteBuffer into) {
            into.position(into.limit());
        }

        @Override
        public void write(long offsetBytes, ByteBuffer from) throws IOException {
            atWork.countDown();
            try {
                mayFinish.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            from.position(from.limit());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            closed = true;
        }
    }
}
