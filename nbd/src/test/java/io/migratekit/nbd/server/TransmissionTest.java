package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.Transmission;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class TransmissionTest {
    private static final int SIZE_BYTES = (4 << 20) + 777;
    private static final int EOVERFLOW = 75;

    private final NbdServer server;
    private final MemoryDevice device = new MemoryDevice(SIZE_BYTES);

    TransmissionTest(@TempDir Path folder) throws IOException {
        server = NbdServer.listen(new NbdUri.Unix(folder.resolve("nbd.sock")), ServerOptions.defaults());
        server.add("disk", device, ExportOptions.readWrite());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void writesAndReadsBackWithSimpleReplies() throws IOException {
        byte[] content = random(2_000_003);
        try (RawClient client = RawClient.into(server, "disk", false)) {
            client.write(99, content, 0);
            assertThat(client.simpleReply()).isZero();
            client.request(Command.READ, 0, 99, content.length);
            assertThat(client.simpleReply()).isZero();
            assertThat(Arrays.equals(client.receiveBytes(content.length), content))
                    .isTrue();
        }
    }

    @Test
    void readsDataAndHolesAsPieces() throws IOException {
        byte[] content = random(700_000);
        device.write(1 << 20, ByteBuffer.wrap(content));
        byte[] expected = device.bytes(0, SIZE_BYTES);
        try (RawClient client = RawClient.into(server, "disk", true)) {
            client.request(Command.READ, 0, 0, SIZE_BYTES);
            byte[] got = new byte[SIZE_BYTES];
            Arrays.fill(got, (byte) 0x77);
            int holes = 0;
            RawClient.Chunk chunk;
            do {
                chunk = client.chunk();
                ByteBuffer payload = chunk.fields();
                int offsetBytes = (int) payload.getLong();
                if (chunk.type() == Transmission.REPLY_OFFSET_HOLE) {
                    int lengthBytes = payload.getInt();
                    Arrays.fill(got, offsetBytes, offsetBytes + lengthBytes, (byte) 0);
                    holes++;
                } else {
                    assertThat(chunk.type()).isEqualTo(Transmission.REPLY_OFFSET_DATA);
                    payload.get(got, offsetBytes, payload.remaining());
                }
            } while (!chunk.done());
            assertThat(Arrays.equals(got, expected)).isTrue();
            assertThat(holes).isPositive();
        }
    }

    @Test
    void seesAHoleThatAnotherConnectionFills() throws IOException {
        try (RawClient reader = RawClient.into(server, "disk", true);
                RawClient writer = RawClient.into(server, "disk", false)) {
            reader.request(Command.READ, 0, 0, 4096);
            assertThat(reader.chunk().type()).isEqualTo(Transmission.REPLY_OFFSET_HOLE);
            writer.write(0, new byte[] {9}, 0);
            assertThat(writer.simpleReply()).isZero();
            reader.request(Command.READ, 0, 0, 4096);
            assertThat(reader.chunk().payload()[8]).isEqualTo((byte) 9);
        }
    }

    @Test
    void anUnfragmentedReadIsOneChunkOrRefused() throws IOException {
        device.write(65_536, ByteBuffer.wrap(random(10)));
        try (RawClient client = RawClient.into(server, "disk", true)) {
            client.request(Command.READ, Transmission.CMD_DF, 0, 262_144);
            RawClient.Chunk chunk = client.chunk();
            assertThat(chunk.done()).isTrue();
            assertThat(chunk.payload()).hasSize(8 + 262_144);
            client.request(Command.READ, Transmission.CMD_DF, 0, 262_145);
            assertThat(client.chunk().error()).isEqualTo(EOVERFLOW);
        }
    }

    @Test
    void flushesOnFuaAndFlushAndNotOtherwise() throws IOException {
        try (RawClient client = RawClient.into(server, "disk", false)) {
            client.write(0, new byte[512], 0);
            assertThat(client.simpleReply()).isZero();
            assertThat(device.flushes()).isZero();
            client.write(0, new byte[512], Transmission.CMD_FUA);
            assertThat(client.simpleReply()).isZero();
            assertThat(device.flushes()).isEqualTo(1);
            client.request(Command.WRITE_ZEROES, Transmission.CMD_FUA | Transmission.CMD_FAST_ZERO, 0, 512);
            assertThat(client.simpleReply()).isZero();
            client.request(Command.TRIM, Transmission.CMD_FUA, 0, 512);
            assertThat(client.simpleReply()).isZero();
            assertThat(device.flushes()).isEqualTo(3);
            client.request(Command.FLUSH, 0, 0, 0);
            assertThat(client.simpleReply()).isZero();
            assertThat(device.flushes()).isEqualTo(4);
        }
    }

    @Test
    void tellsAllocationOfTheWholeDeviceOrItsFirstRun() throws IOException {
        device.write(131_072, ByteBuffer.wrap(random(65_536)));
        try (RawClient client = RawClient.into(server, "disk", true)) {
            client.request(Command.BLOCK_STATUS, 0, 0, SIZE_BYTES);
            ByteBuffer status = client.chunk().fields();
            assertThat(status.getInt()).isEqualTo(StatusReply.CONTEXT_ID);
            int[] runs = new int[6];
            status.asIntBuffer().get(runs);
            assertThat(runs).containsExactly(131_072, 3, 65_536, 0, SIZE_BYTES - 196_608, 3);
            assertThat(status.remaining()).isEqualTo(24);
            client.request(Command.BLOCK_STATUS, Transmission.CMD_REQ_ONE, 1, SIZE_BYTES - 1);
            status = client.chunk().fields();
            assertThat(status.remaining()).isEqualTo(12);
            assertThat(status.getInt(4)).isEqualTo(131_071);
        }
    }

    @Test
    void boundsTheRunsOfAReply() throws IOException {
        long sizeBytes = 4000L * 131_072;
        MemoryDevice comb = new MemoryDevice(sizeBytes);
        for (long offsetBytes = 0; offsetBytes < sizeBytes; offsetBytes += 131_072) {
            comb.write(offsetBytes, ByteBuffer.wrap(new byte[] {1}));
        }
        server.add("comb", comb, ExportOptions.readWrite());
        try (RawClient client = RawClient.into(server, "comb", true)) {
            client.request(Command.BLOCK_STATUS, 0, 0, sizeBytes);
            assertThat(client.chunk().payload()).hasSize(4 + 8 * 1024);
        }
    }

    @Test
    void answersRequestsThatArriveTogether() throws IOException {
        ByteArrayOutputStream burst = new ByteArrayOutputStream();
        for (int number = 0; number < 500; number++) {
            byte[] content = new byte[1000];
            Arrays.fill(content, (byte) number);
            burst.writeBytes(RawClient.request(0, Command.WRITE.code, number, 1000L * number, 1000));
            burst.writeBytes(content);
        }
        try (RawClient client = RawClient.into(server, "disk", false)) {
            client.send(burst.toByteArray());
            for (int number = 0; number < 500; number++) {
                ByteBuffer reply = client.receive(16);
                reply.getInt();
                assertThat(reply.getInt()).isZero();
                assertThat(reply.getLong()).isEqualTo(number);
            }
        }
        assertThat(device.bytes(499_000, 1000)).containsOnly(499 & 0xff);
        assertThat(device.bytes(0, 1000)).containsOnly(0);
    }

    @Test
    void endsAfterGoodbye() throws IOException {
        try (RawClient client = RawClient.into(server, "disk", true)) {
            client.request(Command.DISCONNECT, 0, 0, 0);
            assertThat(client.ended()).isTrue();
        }
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
