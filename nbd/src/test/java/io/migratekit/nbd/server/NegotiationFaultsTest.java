package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.Handshake;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that negotiate nonsense, too slowly, not at all or all at once; others must not notice. */
@Timeout(20)
final class NegotiationFaultsTest {
    private static final byte[] NOTHING = new byte[0];

    private final NbdServer server;

    NegotiationFaultsTest(@TempDir Path folder) throws IOException {
        server = NbdServer.listen(new NbdUri.Unix(folder.resolve("nbd.sock")), ServerOptions.defaults());
        server.add("disk", new MemoryDevice(1_000_001), new ExportOptions(false, "a disk"));
        server.add("another", new MemoryDevice(512), ExportOptions.readOnlyExport());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ParameterizedTest(name = "option {0}")
    @ValueSource(ints = {3, 5, 6, 7, 8, 9, 10})
    void refusesDataThatContradictThemselves(int option) throws IOException {
        byte[][] wrong = {
            {1},
            {0, 0, 0, 9, 'd'}, // name longer than the data
            {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0}, // name of 4 GiB
            {0, 0, 0, 4, 'd', 'i', 's', 'k', (byte) 0xff, (byte) 0xff}, // more requests or queries than data
            {0, 0, 0, 4, 'd', 'i', 's', 'k', (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff},
            {0, 0, 0, 2, (byte) 0xc3, (byte) 0x28, 0, 0}, // no UTF-8
            Arrays.copyOf(RawClient.choice("disk"), 30), // more than the option needs
            Arrays.copyOf(RawClient.contexts("disk"), 30),
            Arrays.copyOf(new byte[] {0, 0, 0x10, 1}, 0x1001 + 4 + 2) // name of 4097 bytes
        };
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_STRUCTURED_REPLY, NOTHING);
            client.optionReply();
            for (byte[] data : wrong) {
                client.option(option, data);
                assertThat(client.optionReply().type())
                        .as("option %d with %s", option, Arrays.toString(data))
                        .isIn(Handshake.REP_ERR_INVALID, Handshake.REP_ERR_UNKNOWN);
            }
        }
        assertAlive();
    }

    @Test
    void endsConnectionsThatBreakTheFrame() throws IOException {
        byte[][] wrong = {
            RawClient.bytes(16).putLong(0x1234).putInt(7).putInt(0).array(), // magic
            RawClient.bytes(16)
                    .putLong(Handshake.OPTION_MAGIC)
                    .putInt(7)
                    .putInt(65_537)
                    .array(), // too long
            RawClient.bytes(16)
                    .putLong(Handshake.OPTION_MAGIC)
                    .putInt(7)
                    .putInt(-1)
                    .array(),
            RawClient.bytes(4117)
                    .putLong(Handshake.OPTION_MAGIC)
                    .putInt(1)
                    .putInt(4101)
                    .array() // name too long
        };
        for (byte[] bytes : wrong) {
            try (RawClient client = RawClient.greeted(server)) {
                client.send(bytes);
                assertThat(client.ended()).isTrue();
            }
        }
        try (RawClient client = RawClient.connect(server)) {
            client.send(new byte[] {0, 0, 0, 7}); // an unknown client flag
            assertThat(client.ended()).isTrue();
        }
        assertAlive();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void survivesGarbage(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            try (RawClient client = RawClient.greeted(server)) {
                client.option(random.nextInt(12), garbage);
                client.send(garbage);
                client.endOutput();
                assertThat(client.ended()).isTrue();
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("(?i).*(broken pipe|reset).*"); // ended while we still sent
            }
        }
        assertAlive();
    }

    @Test
    void survivesAClientThatLeavesAtAnyByte() throws IOException {
        byte[] whole = RawClient.bytes(4 + 16 + 16 + 10 + 28)
                .putInt(3)
                .putLong(Handshake.OPTION_MAGIC)
                .putInt(Handshake.OPT_STRUCTURED_REPLY)
                .putInt(0)
                .putLong(Handshake.OPTION_MAGIC)
                .putInt(Handshake.OPT_GO)
                .putInt(10)
                .put(RawClient.choice("disk"))
                .put(RawClient.request(0, 1, 1, 0, 4096))
                .array();
        for (int count = 0; count <= whole.length; count++) {
            try (RawClient client = RawClient.connect(server)) {
                client.send(Arrays.copyOf(whole, count));
                client.endOutput();
                assertThat(client.ended()).isTrue();
            }
        }
        assertAlive();
    }

    @Test
    void closesAConnectionThatDoesNotNegotiate(@TempDir Path other) throws IOException {
        ServerOptions impatient = ServerOptions.defaults().withNegotiationTimeout(Duration.ofMillis(100));
        try (NbdServer strict = NbdServer.listen(new NbdUri.Unix(other.resolve("s")), impatient)) {
            strict.add("disk", new MemoryDevice(512), ExportOptions.readWrite());
            try (RawClient silent = RawClient.greeted(strict);
                    RawClient busy = RawClient.into(strict, "disk", false)) {
                assertThat(silent.ended()).isTrue();
                busy.request(Command.FLUSH, 0, 0, 0);
                assertThat(busy.simpleReply()).isZero(); // the limit ended with the negotiation
            }
        }
    }

    @Test
    void turnsAwayConnectionsAboveTheLimitAndTakesThemAgainLater(@TempDir Path other) throws IOException {
        ServerOptions options = ServerOptions.defaults().withConnectionsMax(2);
        try (NbdServer small = NbdServer.listen(new NbdUri.Unix(other.resolve("s")), options);
                RawClient first = RawClient.greeted(small);
                RawClient second = RawClient.greeted(small)) {
            try (RawClient third = RawClient.connect(small)) {
                assertThatThrownBy(() -> third.receive(18)).isInstanceOf(IOException.class);
            }
            first.option(Handshake.OPT_ABORT, NOTHING);
            assertThat(first.ended()).isTrue();
            second.option(Handshake.OPT_LIST, NOTHING);
            assertThat(second.optionReply().type()).isEqualTo(Handshake.REP_ACK);
            awaitGreeting(small);
        }
    }

    private static void awaitGreeting(NbdServer server) throws IOException {
        while (true) { // the class's timeout ends it
            try {
                RawClient.greeted(server).close();
                return;
            } catch (IOException e) {
                Thread.onSpinWait(); // the thread of the first has not left yet
            }
        }
    }

    private void assertAlive() throws IOException {
        try (RawClient client = RawClient.into(server, "disk", true)) {
            client.request(Command.FLUSH, 0, 0, 0);
            assertThat(client.simpleReply()).isZero();
        }
    }
}
