package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.Handshake;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class NegotiationTest {
    private static final byte[] NOTHING = new byte[0];

    private final NbdServer server;

    NegotiationTest(@TempDir Path folder) throws IOException {
        server = NbdServer.listen(new NbdUri.Unix(folder.resolve("nbd.sock")), ServerOptions.defaults());
        server.add("disk", new MemoryDevice(1_000_001), new ExportOptions(false, "a disk"));
        server.add("another", new MemoryDevice(512), ExportOptions.readOnlyExport());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void answersAnUnknownOptionAndGoesOn() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.option(4711, new byte[] {1, 2, 3});
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ERR_UNSUP);
            client.option(Handshake.OPT_GO, RawClient.choice("disk"));
            assertThat(client.lastOptionReply().type()).isEqualTo(Handshake.REP_ACK);
        }
    }

    @Test
    void sendsBlockSizesNameAndDescriptionOnlyIfAsked() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_INFO, RawClient.choice("disk"));
            assertThat(client.optionReplies()).hasSize(2);
            client.option(Handshake.OPT_INFO, RawClient.choice("disk", 3, 1, 2, 99));
            List<RawClient.OptionReply> replies = client.optionReplies();
            assertThat(replies).hasSize(5);
            ByteBuffer size = replies.get(0).fields();
            assertThat(size.getShort()).isEqualTo((short) Handshake.INFO_EXPORT);
            assertThat(size.getLong()).isEqualTo(1_000_001);
            assertThat(replies.get(1).text()).endsWith("disk");
            assertThat(replies.get(2).text()).endsWith("a disk");
            ByteBuffer block = replies.get(3).fields();
            assertThat(block.getShort()).isEqualTo((short) Handshake.INFO_BLOCK_SIZE);
            assertThat(block.getInt()).isEqualTo(1);
            assertThat(block.getInt()).isEqualTo(4096);
            assertThat(block.getInt()).isEqualTo(Transmission.PAYLOAD_BYTES_MAX);
        }
    }

    @Test
    void listsExportsInOrder() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_LIST, NOTHING);
            List<RawClient.OptionReply> replies = client.optionReplies();
            assertThat(replies.get(0).text()).endsWith("another");
            assertThat(replies.get(1).text()).endsWith("diska disk");
            assertThat(replies).hasSize(3);
        }
    }

    @Test
    void saysThatAnExportIsUnknownAndLetsTheClientChooseAgain() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_GO, RawClient.choice("vol-1"));
            RawClient.OptionReply reply = client.optionReply();
            assertThat(reply.type()).isEqualTo(Handshake.REP_ERR_UNKNOWN);
            assertThat(reply.text()).isEqualTo("there is no export 'vol-1'");
            client.option(Handshake.OPT_INFO, RawClient.choice(""));
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ERR_UNKNOWN);
            client.option(Handshake.OPT_GO, RawClient.choice("another"));
            assertThat(client.lastOptionReply().type()).isEqualTo(Handshake.REP_ACK);
        }
    }

    @Test
    void exportNameIsAnsweredWithAndWithoutPadding() throws IOException {
        byte[] name = "another".getBytes(StandardCharsets.UTF_8);
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_EXPORT_NAME, name);
            assertThat(client.receive(10).getLong()).isEqualTo(512);
            client.request(Command.READ, 0, 0, 512);
            assertThat(client.simpleReply()).isZero();
        }
        try (RawClient client = RawClient.connect(server)) {
            client.receive(18);
            client.send(new byte[] {0, 0, 0, 1});
            client.option(Handshake.OPT_EXPORT_NAME, name);
            ByteBuffer padded = client.receive(10 + Handshake.EXPORT_NAME_PADDING_BYTES);
            assertThat(padded.getLong()).isEqualTo(512);
            padded.getShort();
            while (padded.hasRemaining()) {
                assertThat(padded.get()).isZero();
            }
        }
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_EXPORT_NAME, "vol-1".getBytes(StandardCharsets.UTF_8));
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void agreesOnMetadataContexts() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_SET_META_CONTEXT, RawClient.contexts("disk", "base:allocation"));
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ERR_INVALID);
            client.option(Handshake.OPT_STRUCTURED_REPLY, NOTHING);
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ACK);
            for (byte[] query : List.of(
                    RawClient.contexts("disk"),
                    RawClient.contexts("disk", "x:y", "base:"),
                    RawClient.contexts("disk", "base:allocation"))) {
                client.option(Handshake.OPT_LIST_META_CONTEXT, query);
                assertThat(client.optionReplies().get(0).text()).endsWith("base:allocation");
            }
            client.option(Handshake.OPT_SET_META_CONTEXT, RawClient.contexts("disk", "base:", "qemu:dirty-bitmap:x"));
            assertThat(client.optionReplies()).hasSize(1);
            client.option(Handshake.OPT_SET_META_CONTEXT, RawClient.contexts("vol-1", "base:allocation"));
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ERR_UNKNOWN);
            client.option(Handshake.OPT_SET_META_CONTEXT, RawClient.contexts("disk", "x:y", "base:allocation"));
            assertThat(client.optionReplies()).hasSize(2);
        }
    }

    @Test
    void aContextHoldsOnlyForItsExport() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_STRUCTURED_REPLY, NOTHING);
            client.optionReply();
            client.option(Handshake.OPT_SET_META_CONTEXT, RawClient.contexts("disk", "base:allocation"));
            client.optionReplies();
            client.option(Handshake.OPT_GO, RawClient.choice("another"));
            client.optionReplies();
            client.request(Command.BLOCK_STATUS, 0, 0, 512);
            assertThat(client.chunk().error()).isEqualTo(22);
        }
    }

    @Test
    void hasNoTlsWithoutCertificates() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_STARTTLS, NOTHING);
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ERR_POLICY);
        }
    }

    @Test
    void takesLeaveOnAbort() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_ABORT, NOTHING);
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ACK);
            assertThat(client.ended()).isTrue();
        }
    }
}
