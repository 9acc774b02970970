package io.migratekit.nbd.client;

import static io.migratekit.nbd.client.ScriptedWire.FLAGS;
import static io.migratekit.nbd.client.ScriptedWire.SIZE_BYTES;
import static io.migratekit.nbd.client.ScriptedWire.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.wire.Handshake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
final class ClientNegotiationTest {
    private static final int NEWSTYLE = Handshake.FLAG_FIXED_NEWSTYLE | Handshake.FLAG_NO_ZEROES;

    @TempDir
    Path folder;

    @Test
    void takesInWhatAServerSaysOfAnExport() throws IOException {
        byte[] sizes = ScriptedWire.blockSizes(512, 4096, 1_000_000);
        try (ScriptedServer server = saying(wire -> wire.greet(NEWSTYLE)
                        .options(true, ScriptedWire.exportInfo(SIZE_BYTES, FLAGS), sizes)
                        .waitForGoodbye());
                NbdClient client = server.connect()) {
            ExportInfo export = client.export();
            assertThat(export.name()).isEqualTo("disk");
            assertThat(export.sizeBytes()).isEqualTo(SIZE_BYTES);
            assertThat(export.canFlush()).isTrue();
            assertThat(export.readOnly()).isFalse();
            assertThat(export.blockBytesMin()).isEqualTo(512);
            assertThat(export.payloadBytesMax()).isEqualTo(999_936); // whole blocks only
            assertThat(export.metaContexts()).containsExactly("base:allocation");
        }
    }

    @Test
    void endsOnAGreetingThatIsNoNbd() throws IOException {
        assertViolation(
                wire -> wire.bytes(text("HTTP/1.1 400 Bad Request\r\n")),
                "this is no newstyle NBD server",
                "Check that the address is that of an NBD server");
    }

    @Test
    void endsOnAnOldServer() throws IOException {
        assertViolation(
                wire -> wire.send(ByteBuffer.allocate(152)
                        .putLong(Handshake.NBD_MAGIC)
                        .putLong(0x00420281861253L)
                        .rewind()),
                "this is no newstyle NBD server");
        assertViolation(
                wire -> wire.send(ByteBuffer.allocate(18)
                        .putLong(Handshake.NBD_MAGIC)
                        .putLong(Handshake.OPTION_MAGIC)
                        .rewind()),
                "without fixed newstyle");
    }

    @Test
    void givesUpOnAServerThatSaysNothing() throws IOException {
        ClientOptions hasty = new ClientOptions(Duration.ofMillis(200), Duration.ofSeconds(5), List.of());
        try (ScriptedServer server = saying(ScriptedWire::waitForGoodbye)) {
            assertThatThrownBy(() -> NbdClient.connect(server.uri(), hasty))
                    .isInstanceOf(NbdException.Disconnected.class)
                    .hasMessageContaining("did not answer in time");
        }
    }

    @Test
    void givesUpOnAServerThatNeverComesToThePoint() throws IOException {
        ClientOptions hasty = new ClientOptions(Duration.ofMillis(500), Duration.ofSeconds(5), List.of());
        try (ScriptedServer server = saying(wire -> {
            wire.greet(NEWSTYLE);
            wire.answer(wire.option().number(), Handshake.REP_ACK);
            int go = wire.option().number();
            while (true) {
                wire.answer(go, Handshake.REP_INFO, (byte) 0, (byte) 99);
            }
        })) {
            assertThatThrownBy(() -> NbdClient.connect(server.uri(), hasty))
                    .isInstanceOf(NbdException.Disconnected.class)
                    .hasMessageContaining("did not answer in time");
        }
    }

    @Test
    void endsOnOptionRepliesThatDoNotFit() throws IOException {
        assertViolation(
                wire -> {
                    wire.greet(NEWSTYLE);
                    wire.option();
                    wire.bytes(new byte[20]);
                },
                "option reply 0000000000000000 to option 0");
        assertViolation(
                wire -> {
                    wire.greet(NEWSTYLE);
                    wire.option();
                    wire.answer(Handshake.OPT_LIST, Handshake.REP_ACK);
                },
                "to option 3 where 8 was asked");
        assertViolation(
                wire -> {
                    wire.greet(NEWSTYLE);
                    wire.send(ByteBuffer.allocate(20)
                            .putLong(Handshake.OPTION_REPLY_MAGIC)
                            .putInt(wire.option().number())
                            .putInt(Handshake.REP_ACK)
                            .putInt(-1)
                            .flip());
                },
                "option reply of 4294967295 bytes; 65536 is the most");
        assertViolation(
                wire -> {
                    wire.greet(NEWSTYLE);
                    wire.answer(wire.option().number(), Handshake.REP_SERVER);
                },
                "reply type 2 to STRUCTURED_REPLY");
        assertViolation(
                wire -> wire.greet(NEWSTYLE).options(true, new byte[] {0, 0, 1}, new byte[0]),
                "option reply with 1 bytes where 10 are due");
    }

    @ParameterizedTest
    @CsvSource({"0,4096,65536", "3,4096,65536", "131072,131072,1048576", "512,256,65536", "4096,4096,512", "-512,1,1"})
    void endsOnBlockSizesThatCannotBe(int min, int preferred, int max) throws IOException {
        assertViolation(
                wire -> wire.greet(NEWSTYLE)
                        .options(
                                true,
                                ScriptedWire.exportInfo(SIZE_BYTES, FLAGS),
                                ScriptedWire.blockSizes(min, preferred, max)),
                "block sizes min %d, preferred %d".formatted(min, preferred));
    }

    @Test
    void endsOnSizesThatCannotBe() throws IOException {
        assertViolation(
                wire -> wire.greet(NEWSTYLE).options(true, ScriptedWire.exportInfo(-1, FLAGS), new byte[0]),
                "no size (or a negative one) for export 'disk'");
    }

    @Test
    void endsOnMoreContextsThanWereAskedFor() throws IOException {
        assertViolation(
                wire -> {
                    wire.greet(NEWSTYLE);
                    wire.answer(wire.option().number(), Handshake.REP_ACK);
                    int set = wire.option().number();
                    wire.answer(set, Handshake.REP_META_CONTEXT, ScriptedWire.context(1, "base:allocation"));
                    wire.answer(set, Handshake.REP_META_CONTEXT, ScriptedWire.context(2, "base:allocation"));
                },
                "more metadata contexts than were asked for");
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void fallsBackToExportNameWhereGoIsUnknown(boolean zeroesLeftOut) throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.greet(zeroesLeftOut ? NEWSTYLE : Handshake.FLAG_FIXED_NEWSTYLE);
            ScriptedWire.Option option = wire.option();
            while (option.number() != Handshake.OPT_EXPORT_NAME) {
                wire.answer(option.number(), Handshake.REP_ERR_UNSUP);
                option = wire.option();
            }
            assertThat(option.data()).isEqualTo(ByteBuffer.wrap(text("disk")));
            byte[] answer = ScriptedWire.exportInfo(SIZE_BYTES, FLAGS);
            wire.send(ByteBuffer.wrap(answer, 2, 10)).bytes(new byte[zeroesLeftOut ? 0 : 124]);
            wire.simple(wire.request().cookie(), 0, ScriptedWire.filled(8, 3)).waitForGoodbye();
        };
        try (ScriptedServer server = saying(script);
                NbdClient client = server.connect()) {
            assertThat(client.export().sizeBytes()).isEqualTo(SIZE_BYTES);
            assertThat(client.export().blockBytesMin()).isEqualTo(1);
            assertThat(client.export().payloadBytesMax()).isEqualTo(32 << 20);
            assertThat(client.export().metaContexts()).isEmpty();
            ByteBuffer into = ByteBuffer.allocate(8);
            client.read(0, into);
            assertThat(into.array()).containsOnly(3);
        }
    }

    @Test
    void listsExports() throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.greet(NEWSTYLE);
            int list = wire.option().number();
            wire.answer(list, Handshake.REP_SERVER, ScriptedWire.context(1, "afirst of all"));
            wire.answer(list, Handshake.REP_SERVER, ScriptedWire.context(0, ""));
            wire.answer(list, Handshake.REP_ACK).waitForGoodbye();
        };
        try (ScriptedServer server = saying(script)) {
            assertThat(NbdClient.list(server.uri(), ScriptedServer.OPTIONS))
                    .containsExactly(new ListedExport("a", "first of all"), new ListedExport("", ""));
        }
    }

    @Test
    void endsOnAListedNameThatIsLongerThanItsReply() throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.greet(NEWSTYLE);
            wire.answer(wire.option().number(), Handshake.REP_SERVER, ScriptedWire.context(9, "short"));
        };
        try (ScriptedServer server = saying(script)) {
            assertThatThrownBy(() -> NbdClient.list(server.uri(), ScriptedServer.OPTIONS))
                    .isInstanceOf(NbdException.Violation.class)
                    .hasMessageContaining("string of 9 bytes in a reply with 5");
        }
    }

    private ScriptedServer saying(ScriptedServer.Script script) throws IOException {
        return ScriptedServer.saying(folder, script);
    }

    private void assertViolation(ScriptedServer.Script script, String... words) throws IOException {
        try (ScriptedServer server = saying(script)) {
            assertThatThrownBy(() -> server.connect().close())
                    .isInstanceOf(NbdException.Violation.class)
                    .hasMessageContainingAll(words);
        }
    }
}
