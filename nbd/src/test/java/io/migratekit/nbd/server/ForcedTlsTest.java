package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.tls.SelfSigned;
import io.migratekit.nbd.tls.TlsChannel;
import io.migratekit.nbd.tls.TlsFiles;
import io.migratekit.nbd.wire.Handshake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With certificates configured, nothing is told in the clear. */
@Timeout(20)
final class ForcedTlsTest {
    private static final byte[] NOTHING = new byte[0];

    @TempDir
    static Path certificates;

    private final NbdServer server;

    ForcedTlsTest(@TempDir Path folder) throws IOException {
        ServerOptions options = ServerOptions.defaults().withTls(certificates);
        server = NbdServer.listen(new NbdUri.Unix(folder.resolve("nbd.sock")), options);
        server.add("disk", new MemoryDevice(4096), ExportOptions.readWrite());
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        SelfSigned.folder(certificates);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void everyOptionButStartTlsAndAbortIsRefusedInTheClear() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            for (int option : new int[] {3, 6, 7, 8, 9, 10, 4711}) {
                client.option(option, RawClient.choice("disk"));
                assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ERR_TLS_REQD);
            }
            client.option(Handshake.OPT_ABORT, NOTHING);
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ACK);
        }
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_EXPORT_NAME, "disk".getBytes(StandardCharsets.UTF_8));
            assertThat(client.ended()).isTrue();
        }
        assertThat(server.connectionCount("disk")).isZero();
    }

    @Test
    void bytesSlippedInBeforeTheHandshakeEndTheConnection() throws IOException {
        byte[] slipped = RawClient.bytes(16 + 16)
                .putLong(Handshake.OPTION_MAGIC)
                .putInt(Handshake.OPT_STARTTLS)
                .putInt(0)
                .putLong(Handshake.OPTION_MAGIC)
                .putInt(Handshake.OPT_STRUCTURED_REPLY)
                .putInt(0)
                .array();
        try (RawClient client = RawClient.greeted(server)) {
            client.send(slipped);
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ACK);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aSecondStartTlsIsRefused() throws IOException {
        try (RawClient client = RawClient.greeted(server)) {
            client.option(Handshake.OPT_STARTTLS, NOTHING);
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ACK);
            TlsChannel tls = TlsChannel.client(client.socket(), TlsFiles.client(certificates), "localhost");
            tls.handshake(Duration.ofSeconds(10));
            ByteBuffer option = ByteBuffer.allocate(16);
            option.putLong(Handshake.OPTION_MAGIC)
                    .putInt(Handshake.OPT_STARTTLS)
                    .putInt(0)
                    .flip();
            tls.write(option);
            ByteBuffer reply = ByteBuffer.allocate(20);
            while (reply.hasRemaining()) {
                assertThat(tls.read(reply)).isPositive();
            }
            assertThat(reply.getInt(12)).isEqualTo(Handshake.REP_ERR_INVALID);
        }
    }
}
