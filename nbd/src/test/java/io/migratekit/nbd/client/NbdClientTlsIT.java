package io.migratekit.nbd.client;

import static io.migratekit.nbd.client.RoundTrip.random;
import static io.migratekit.nbd.client.RoundTrip.read;
import static io.migratekit.nbd.client.RoundTrip.readWrite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS with servers that others wrote: who is trusted, and what is said where somebody is not. */
@Timeout(120)
final class NbdClientTlsIT {
    private static final ClientOptions ALLOCATION = ClientOptions.defaults().withContexts(Transmission.BASE_ALLOCATION);

    @TempDir
    Path folder;

    @Test
    @NeedsPeer({"nbdkit", "certtool"})
    void speaksTlsWithACertificateOfItsOwn() throws IOException {
        TestCertificates certificates = TestCertificates.make(folder.resolve("pki"), "localhost");
        try (Peer peer = Peer.nbdkit(
                folder,
                "--tls=require",
                "--tls-certificates=" + certificates.folder(),
                "--tls-verify-peer",
                "memory",
                "8M")) {
            NbdUri uri = certificates.uri(peer.uri(""));
            try (NbdClient client = NbdClient.connect(uri, ALLOCATION)) {
                readWrite(client);
                byte[] content = random(5 << 20, 3);
                client.write(0, ByteBuffer.wrap(content), 0);
                assertThat(read(client, 0, 5 << 20)).isEqualTo(content);
            }
            assertThat(NbdClient.list(uri, ALLOCATION)).hasSize(1);
            assertThatThrownBy(() -> NbdClient.connect(peer.uri(""), ALLOCATION))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("demands TLS");
        }
    }

    @Test
    @NeedsPeer({"nbdkit", "certtool"})
    void refusesAServerThatNobodyItTrustsHasSigned() throws IOException {
        TestCertificates theirs = TestCertificates.make(folder.resolve("theirs"), "localhost");
        TestCertificates ours = TestCertificates.make(folder.resolve("ours"), "localhost");
        try (Peer peer =
                Peer.nbdkit(folder, "--tls=require", "--tls-certificates=" + theirs.folder(), "memory", "8M")) {
            assertThatThrownBy(() -> NbdClient.connect(ours.uri(peer.uri("")), ALLOCATION))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("TLS with")
                    .hasMessageContaining("Check that ca-cert.pem in " + ours.folder());
        }
    }

    @Test
    @NeedsPeer({"nbdkit", "certtool"})
    void refusesAServerOfAnotherNameUnlessToldSo() throws IOException {
        TestCertificates certificates = TestCertificates.make(folder.resolve("pki"), "storage.example");
        try (Peer peer =
                Peer.nbdkit(folder, "--tls=require", "--tls-certificates=" + certificates.folder(), "memory", "8M")) {
            NbdUri uri = certificates.uri(peer.uri(""));
            assertThatThrownBy(() -> NbdClient.connect(uri, ALLOCATION))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("that it names 'localhost'");
            NbdUri named = NbdUri.parse(uri + "&tls-hostname=storage.example");
            NbdClient.connect(named, ALLOCATION).close();
        }
    }

    @Test
    @NeedsPeer("certtool")
    void expectsTheHostOfItsAddressInTheCertificateOverTcp() throws IOException {
        TestCertificates certificates = TestCertificates.make(folder.resolve("pki"), "localhost");
        ServerOptions options = ServerOptions.defaults().withTls(certificates.folder());
        try (NbdServer server = NbdServer.listen(new NbdUri.Tcp("127.0.0.1", 0), options)) {
            Path image = Files.write(folder.resolve("image"), random(1 << 20, 5));
            server.add("disk", FileDevice.open(image, true), ExportOptions.readOnlyExport());
            int port = ((NbdUri.Tcp) server.address()).port();
            String text = "nbds://%s:%d/disk?tls-certificates=%s%s";
            NbdUri right = NbdUri.parse(text.formatted("localhost", port, certificates.folder(), ""));
            NbdUri wrong = NbdUri.parse(text.formatted("127.0.0.1", port, certificates.folder(), ""));
            NbdUri named =
                    NbdUri.parse(text.formatted("127.0.0.1", port, certificates.folder(), "&tls-hostname=localhost"));

            try (NbdClient client = NbdClient.connect(right, ALLOCATION)) {
                assertThat(read(client, 0, 1 << 20)).isEqualTo(Files.readAllBytes(image));
            }
            assertThatThrownBy(() -> NbdClient.connect(wrong, ALLOCATION))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("TLS with nbds://127.0.0.1:" + port)
                    .hasMessageContaining("that it names '127.0.0.1'");
            NbdClient.connect(named, ALLOCATION).close();
        }
    }

    @Test
    @NeedsPeer({"nbdkit", "certtool"})
    void saysThatTheServerMayWantAClientCertificate() throws IOException {
        TestCertificates certificates = TestCertificates.make(folder.resolve("pki"), "localhost");
        Path without = Files.createDirectory(folder.resolve("without"));
        Files.copy(certificates.folder().resolve("ca-cert.pem"), without.resolve("ca-cert.pem"));
        try (Peer peer = Peer.nbdkit(
                folder,
                "--tls=require",
                "--tls-certificates=" + certificates.folder(),
                "--tls-verify-peer",
                "memory",
                "8M")) {
            NbdUri uri = new NbdUri(
                    peer.uri("").address(), true, "", java.util.Map.of("tls-certificates", without.toString()));
            // under TLS 1.3 the refusal comes after our side of the handshake is done
            assertThatThrownBy(() -> NbdClient.connect(uri, ALLOCATION)).isInstanceOf(NbdException.class);
        }
    }
}
