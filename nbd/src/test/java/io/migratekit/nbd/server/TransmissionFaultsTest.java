package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that cannot be fulfilled, are malformed, or come to a device that fails. */
@Timeout(20)
final class TransmissionFaultsTest {
    private static final int SIZE_BYTES = (4 << 20) + 777;
    private static final int EPERM = 1;
    private static final int EIO = 5;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;

    private final NbdServer server;
    private final MemoryDevice device = new MemoryDevice(SIZE_BYTES);

    TransmissionFaultsTest(@TempDir Path folder) throws IOException {
        server = NbdServer.listen(new NbdUri.Unix(folder.resolve("nbd.sock")), ServerOptions.defaults());
        server.add("disk", device, ExportOptions.readWrite());
        server.add("ro", new MemoryDevice(SIZE_BYTES), ExportOptions.readOnlyExport());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void refusesWhatLiesOutsideTheExport() throws IOException {
        try (RawClient client = RawClient.into(server, "disk", false)) {
            for (long offsetBytes : new long[] {SIZE_BYTES, SIZE_BYTES - 511, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
                client.write(offsetBytes, new byte[512], 0);
                assertThat(client.simpleReply()).isEqualTo(ENOSPC);
                client.request(Command.WRITE_ZEROES, 0, offsetBytes, 512);
                assertThat(client.simpleReply()).isEqualTo(ENOSPC);
                for (Command command : new Command[] {Command.READ, Command.TRIM, Command.CACHE}) {
                    client.request(command, 0, offsetBytes, 512);
                    assertThat(client.simpleReply()).isEqualTo(EINVAL);
                }
            }
            client.write(SIZE_BYTES - 512, new byte[512], 0);
            assertThat(client.simpleReply()).isZero();
        }
    }

    @Test
    void refusesWhatTheProtocolDoesNotKnow() throws IOException {
        try (RawClient client = RawClient.into(server, "disk", false)) {
            client.send(RawClient.request(0, 99, 0, 0, 512)); // an unknown type
            assertThat(client.simpleReply()).isEqualTo(EINVAL);
            client.request(Command.READ, 1 << 9, 0, 512); // an unknown flag
            assertThat(client.simpleReply()).isEqualTo(EINVAL);
            client.request(Command.READ, Transmission.CMD_DF, 0, 512); // without structured replies
            assertThat(client.simpleReply()).isEqualTo(EINVAL);
            client.request(Command.READ, 0, 0, 0);
            assertThat(client.simpleReply()).isEqualTo(EINVAL);
            client.request(Command.FLUSH, 0, 0, 512);
            assertThat(client.simpleReply()).isEqualTo(EINVAL);
            client.request(Command.BLOCK_STATUS, 0, 0, 512); // no context was agreed
            assertThat(client.simpleReply()).isEqualTo(EINVAL);
            client.request(Command.READ, 0, 0, Transmission.PAYLOAD_BYTES_MAX + 1L);
            assertThat(client.simpleReply()).isEqualTo(EINVAL);
            client.write(0, new byte[Transmission.PAYLOAD_BYTES_MAX + 1], 0);
            assertThat(client.simpleReply()).isEqualTo(EINVAL);
            client.request(Command.FLUSH, 0, 0, 0);
            assertThat(client.simpleReply()).isZero();
        }
    }

    @Test
    void aReadOnlyExportIsNotChanged() throws IOException {
        try (RawClient client = RawClient.into(server, "ro", false)) {
            client.write(0, random(600_000), 0);
            assertThat(client.simpleReply()).isEqualTo(EPERM);
            client.request(Command.WRITE_ZEROES, 0, 0, 512);
            assertThat(client.simpleReply()).isEqualTo(EPERM);
            client.request(Command.TRIM, 0, 0, 512);
            assertThat(client.simpleReply()).isEqualTo(EPERM);
            client.request(Command.READ, 0, 0, 512);
            assertThat(client.simpleReply()).isZero();
            assertThat(client.receiveBytes(512)).containsOnly(0);
        }
    }

    @ParameterizedTest(name = "structured {0}")
    @ValueSource(booleans = {false, true})
    void aFailingDeviceDoesNotEndTheConnection(boolean structured) throws IOException {
        device.write(0, ByteBuffer.wrap(random(SIZE_BYTES)));
        try (RawClient client = RawClient.into(server, "disk", structured)) {
            device.failWith(new IOException("the disk is gone"));
            client.write(0, random(600_000), 0);
            assertError(client, structured, EIO, "the disk is gone");
            client.request(Command.READ, 0, 0, 600_000);
            assertError(client, structured, EIO, "the disk is gone");
            client.request(Command.FLUSH, 0, 0, 0);
            assertError(client, structured, EIO, "the disk is gone");
            client.request(Command.WRITE_ZEROES, Transmission.CMD_FAST_ZERO, 0, 512);
            assertError(client, structured, EIO, "the disk is gone");
            device.failWith(new ExportDevice.NoSpaceException("the pool is full"));
            client.write(0, new byte[512], Transmission.CMD_FUA);
            assertError(client, structured, ENOSPC, "the pool is full");
            if (structured) {
                client.request(Command.BLOCK_STATUS, 0, 0, 512);
                assertError(client, true, ENOSPC, "the pool is full");
            }
            device.failWith(null);
            client.write(0, new byte[512], 0);
            assertThat(client.simpleReply()).isZero();
        }
    }

    @Test
    void endsConnectionsThatBreakTheFrame() throws IOException {
        byte[] huge = RawClient.request(0, Command.WRITE.code, 1, 0, 0xffff_ffffL);
        for (byte[] wrong : new byte[][] {random(28), huge}) {
            try (RawClient client = RawClient.into(server, "disk", true)) {
                client.send(wrong);
                assertThat(client.ended()).isTrue();
            }
        }
        assertAlive();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void survivesRandomRequests(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            try (RawClient client = RawClient.into(server, "disk", random.nextBoolean())) {
                for (int number = 0; number < 10; number++) {
                    long offsetBytes = random.nextBoolean() ? random.nextLong() : random.nextInt(2 * SIZE_BYTES);
                    long lengthBytes = random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(100_000);
                    int flags = 1 << random.nextInt(7);
                    client.send(RawClient.request(flags, random.nextInt(9), number, offsetBytes, lengthBytes));
                }
                client.endOutput();
                assertThat(client.ended()).isTrue();
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("(?i).*(broken pipe|reset).*"); // ended while we still sent
            }
        }
        assertAlive();
    }

    private static void assertError(RawClient client, boolean structured, int error, String text) throws IOException {
        if (!structured) {
            assertThat(client.simpleReply()).isEqualTo(error);
            return;
        }
        RawClient.Chunk chunk = client.chunk();
        assertThat(chunk.error()).isEqualTo(error);
        assertThat(chunk.done()).isTrue();
        assertThat(new String(chunk.payload(), StandardCharsets.UTF_8)).endsWith(text);
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private void assertAlive() throws IOException {
        try (RawClient client = RawClient.into(server, "disk", true)) {
            client.request(Command.FLUSH, 0, 0, 0);
            assertThat(client.simpleReply()).isZero();
        }
    }
}
