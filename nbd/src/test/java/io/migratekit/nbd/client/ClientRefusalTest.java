package io.migratekit.nbd.client;

import static io.migratekit.nbd.client.ScriptedWire.text;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Handshake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that refuse, and what a person is told to do about it. */
@Timeout(30)
final class ClientRefusalTest {
    private static final int NEWSTYLE = Handshake.FLAG_FIXED_NEWSTYLE | Handshake.FLAG_NO_ZEROES;

    @TempDir
    Path folder;

    @Test
    void saysThatNobodyListens() {
        NbdUri uri = NbdUri.unix(folder.resolve("nothing.sock"), "disk");
        assertThatThrownBy(() -> NbdClient.connect(uri, ScriptedServer.OPTIONS))
                .isInstanceOf(NbdException.Disconnected.class)
                .hasMessageContaining("no connection to " + uri)
                .hasMessageContaining("Check that the server runs and listens there");
    }

    @Test
    void saysWhichExportIsMissing() throws IOException {
        ScriptedServer.Script script = refusingGo(Handshake.REP_ERR_UNKNOWN, "no\nsuch\u001b[31mdisk");
        assertRefused(script, "has no export 'disk' (it says: no such [31mdisk)", "nbdinfo --list");
    }

    @Test
    void saysThatTheExportIsRefused() throws IOException {
        assertRefused(refusingGo(Handshake.REP_ERR_POLICY, ""), "refuses the export 'disk' with error 2");
        assertRefused(refusingGo(Handshake.REP_ERR_POLICY, "x".repeat(5000)), "x".repeat(300) + "…)");
    }

    @Test
    void aServerThatShutsDownMayComeBack() throws IOException {
        try (ScriptedServer server = saying(refusingGo(Handshake.REP_ERR_SHUTDOWN, ""))) {
            assertThatThrownBy(server::connect)
                    .isInstanceOf(NbdException.Disconnected.class)
                    .hasMessageContaining("is shutting down");
        }
    }

    @Test
    void refusesAServerThatRefusesTls() throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.greet(NEWSTYLE);
            wire.answer(wire.option().number(), Handshake.REP_ERR_POLICY, text("no certificates"));
        };
        try (ScriptedServer server = saying(script)) {
            NbdUri uri = new NbdUri(server.uri().address(), true, "disk", Map.of());
            assertThatThrownBy(() -> NbdClient.connect(uri, ScriptedServer.OPTIONS))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("refuses TLS (it says: no certificates), and this URI demands it")
                    .hasMessageContaining("Use nbd:// only if the network between is trusted");
        }
    }

    @Test
    void saysHowToUseTlsWhereTheServerDemandsIt() throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.greet(NEWSTYLE);
            wire.answer(wire.option().number(), Handshake.REP_ERR_TLS_REQD);
        };
        assertRefused(script, "demands TLS; use nbds://", "tls-certificates=FOLDER");
        try (ScriptedServer server = saying(script)) {
            assertThatThrownBy(() -> NbdClient.list(server.uri(), ScriptedServer.OPTIONS))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("demands TLS");
        }
    }

    @Test
    void saysWhatToDoWhereCertificatesAreMissing() throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.greet(NEWSTYLE);
            wire.answer(wire.option().number(), Handshake.REP_ACK).waitForGoodbye();
        };
        Files.writeString(folder.resolve("ca-cert.pem"), "rubbish");
        try (ScriptedServer server = saying(script)) {
            NbdUri uri =
                    new NbdUri(server.uri().address(), true, "disk", Map.of("tls-certificates", folder.toString()));
            assertThatThrownBy(() -> NbdClient.connect(uri, ScriptedServer.OPTIONS))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("ca-cert.pem");
        }
    }

    @Test
    void aServerThatHangsUpOnExportNameHasNoSuchExport() throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.greet(NEWSTYLE);
            ScriptedWire.Option option = wire.option();
            while (option.number() != Handshake.OPT_EXPORT_NAME) {
                wire.answer(option.number(), Handshake.REP_ERR_UNSUP);
                option = wire.option();
            }
        };
        assertRefused(script, "has no export 'disk', or does not give it to us", "nbdinfo --list");
    }

    @Test
    void saysThatAServerDoesNotList() throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.greet(NEWSTYLE);
            wire.answer(wire.option().number(), Handshake.REP_ERR_POLICY);
        };
        try (ScriptedServer server = saying(script)) {
            assertThatThrownBy(() -> NbdClient.list(server.uri(), ScriptedServer.OPTIONS))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("does not list its exports; name one in the URI");
        }
    }

    private ScriptedServer saying(ScriptedServer.Script script) throws IOException {
        return ScriptedServer.saying(folder, script);
    }

    private static ScriptedServer.Script refusingGo(int error, String words) {
        return wire -> {
            wire.greet(NEWSTYLE);
            ScriptedWire.Option option = wire.option();
            while (option.number() != Handshake.OPT_GO) {
                wire.answer(option.number(), Handshake.REP_ERR_UNSUP);
                option = wire.option();
            }
            wire.answer(option.number(), error, text(words)).waitForGoodbye();
        };
    }

    private void assertRefused(ScriptedServer.Script script, String... words) throws IOException {
        try (ScriptedServer server = saying(script)) {
            assertThatThrownBy(() -> server.connect().close())
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContainingAll(words);
        }
    }
}
