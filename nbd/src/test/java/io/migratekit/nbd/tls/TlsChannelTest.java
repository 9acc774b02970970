package io.migratekit.nbd.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class TlsChannelTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    static Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SocketChannel client;
    private final SocketChannel server;

    TlsChannelTest() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client = SocketChannel.open(listener.getLocalAddress());
            server = listener.accept();
        }
    }

    @BeforeAll
    static void certificates() throws Exception {
        SelfSigned.folder(folder);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        threads.shutdownNow();
    }

    @Test
    void carriesBytesBothWaysOnBlockingSockets() throws Exception {
        Future<TlsChannel> accepted = threads.submit(this::acceptVerifying);
        TlsChannel channel = clientSide("localhost");
        TlsChannel other = accepted.get();
        byte[] sent = random(3_000_001);
        Future<byte[]> echo = threads.submit(() -> {
            byte[] got = readFully(other, sent.length);
            writeFully(other, got);
            return got;
        });
        Future<byte[]> back = threads.submit(() -> readFully(channel, sent.length));
        writeFully(channel, sent);
        assertThat(echo.get()).isEqualTo(sent);
        assertThat(back.get()).isEqualTo(sent);
    }

    @Test
    void neverWaitsOnANonBlockingSocket() throws Exception {
        client.configureBlocking(false);
        Future<TlsChannel> accepted = threads.submit(this::acceptVerifying);
        TlsChannel channel = clientSide("localhost");
        TlsChannel other = accepted.get();
        assertThat(channel.read(ByteBuffer.allocate(100))).isZero();
        ByteBuffer flood = ByteBuffer.allocate(24 << 20);
        while (channel.write(flood) > 0) {
            // until the kernel takes no more
        }
        assertThat(flood.hasRemaining()).isTrue();
        assertThat(channel.wantsWrite()).isTrue();
        assertThat(channel.flushPending()).isFalse();
        Future<byte[]> drained = threads.submit(() -> readFully(other, flood.capacity()));
        try (Selector selector = Selector.open()) {
            SelectionKey key = client.register(selector, SelectionKey.OP_WRITE);
            while (flood.hasRemaining() || !channel.flushPending()) {
                selector.select(100);
                selector.selectedKeys().remove(key);
                channel.write(flood);
            }
        }
        assertThat(Arrays.equals(drained.get(), new byte[24 << 20])).isTrue();
    }

    @Test
    void tellsOfDecryptedBytesThatNoSelectorSees() throws Exception {
        client.configureBlocking(false);
        Future<TlsChannel> accepted = threads.submit(this::acceptVerifying);
        TlsChannel channel = clientSide("localhost");
        writeFully(accepted.get(), new byte[] {1, 2, 3, 4, 5});
        ByteBuffer two = ByteBuffer.allocate(2);
        while (channel.read(two) == 0) {
            Thread.onSpinWait();
        }
        assertThat(channel.pending()).isTrue();
        ByteBuffer rest = ByteBuffer.allocate(100);
        assertThat(channel.read(rest)).isEqualTo(3);
        assertThat(channel.pending()).isFalse();
        assertThat(channel.read(rest)).isZero();
    }

    @Test
    void tellsTheEndOfTheStream() throws Exception {
        Future<TlsChannel> accepted = threads.submit(this::acceptVerifying);
        TlsChannel channel = clientSide("localhost");
        TlsChannel other = accepted.get();
        writeFully(other, new byte[] {7});
        other.shutdownOutput();
        assertThat(readFully(channel, 1)).containsExactly(7);
        assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }

    @Test
    void refusesAServerThatIsNotTheOneNamed() {
        Future<TlsChannel> accepted = threads.submit(this::acceptVerifying);
        assertThatThrownBy(() -> clientSide("elsewhere.example"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("elsewhere.example");
        assertThatThrownBy(accepted::get).isInstanceOf(ExecutionException.class);
    }

    @Test
    void refusesAClientWithoutCertificate() throws Exception {
        Path stranger = Files.createTempDirectory(folder, "stranger");
        Files.copy(folder.resolve("ca-cert.pem"), stranger.resolve("ca-cert.pem"));
        Future<TlsChannel> accepted = threads.submit(this::acceptVerifying);
        // With TLS 1.3 the client is done before the server has looked, so the refusal may come with the first read.
        assertThatThrownBy(() -> {
                    TlsChannel channel = TlsChannel.client(client, TlsFiles.client(stranger), "localhost");
                    channel.handshake(TIMEOUT);
                    channel.read(ByteBuffer.allocate(1));
                })
                .isInstanceOf(IOException.class);
        assertThatThrownBy(accepted::get).isInstanceOf(ExecutionException.class);
    }

    @Test
    void givesUpOnASilentServerAfterTheTimeout() throws IOException {
        client.configureBlocking(false);
        TlsChannel channel = TlsChannel.client(client, TlsFiles.client(folder), "localhost");
        assertThatThrownBy(() -> channel.handshake(Duration.ofMillis(50)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not answered in time");
    }

    @Test
    void refusesGarbageInsteadOfTls() throws Exception {
        Future<TlsChannel> accepted = threads.submit(this::acceptVerifying);
        client.write(ByteBuffer.wrap(random(100)));
        assertThatThrownBy(() -> accepted.get(10, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
    }

    private TlsChannel acceptVerifying() throws IOException {
        TlsChannel channel = TlsChannel.server(server, TlsFiles.server(folder), true);
        try {
            channel.handshake(TIMEOUT);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return channel;
    }

    private TlsChannel clientSide(String expectedName) throws IOException {
        TlsChannel channel = TlsChannel.client(client, TlsFiles.client(folder), expectedName);
        try {
            channel.handshake(TIMEOUT);
        } catch (IOException e) {
            client.close();
            throw e;
        }
        return channel;
    }

    private static byte[] readFully(TlsChannel channel, int count) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(count);
        while (into.hasRemaining()) {
            if (channel.read(into) < 0) {
                throw new IOException("the stream ended after %d bytes".formatted(into.position()));
            }
        }
        return into.array();
    }

    private static void writeFully(TlsChannel channel, byte[] bytes) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        while (from.hasRemaining()) {
            channel.write(from);
        }
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
