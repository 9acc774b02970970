package io.migratekit.shell.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.shell.program.Program;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sources and targets that cannot be used: nothing is copied, the message says why, and a script sees the code. */
@NeedsPeer("nbdkit")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RefusedPeersIT {
    private static final int IMAGE_BYTES = 4 << 20;
    private static final Duration BRIEFLY = Duration.ofSeconds(20);

    private final Path folder;
    private final Program program;
    private final String image;

    RefusedPeersIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.program = new Program(folder);
        this.image = Rig.image(folder.resolve("image.raw"), IMAGE_BYTES, 1).toString();
    }

    @BeforeAll
    void preparesQuickStarts() throws Exception {
        program.run("version").exits(0);
    }

    @Test
    void namesThatMeanNothingAreUsageErrors() throws Exception {
        fails(2, "nbd+unix:///x", "target.raw", "names its socket, as in nbd+unix:///export?socket=/run/nbd.sock");
        fails(2, "nbdx://host/x", "target.raw", "'nbdx://host/x' is no NBD URI", "no image file");
    }

    @Test
    void nobodyListens() throws Exception {
        fails(
                1,
                "nbd://127.0.0.1:1/x",
                "target.raw",
                "no connection to nbd://127.0.0.1:1/x: Connection refused",
                "Check that the server runs",
                "Nothing was copied; the same command tries again.");
        fails(4, "missing.raw", "target.raw", "there is no image file", "missing.raw");
        assertThat(folder.resolve("target.raw")).doesNotExist();
    }

    @Test
    @NeedsPeer("qemu-nbd")
    void theExportIsMissing() throws Exception {
        try (Peer peer = Peer.qemuNbd(folder, "-f", "raw", "-r", "-x", "disk0", image)) {
            fails(4, peer.uri("disk1").toString(), "target.raw", "has no export 'disk1'", "nbdinfo --list");
        }
    }

    @Test
    void theTargetIsTooSmall() throws Exception {
        try (Peer peer = Peer.nbdkit(folder, "memory", "1M")) {
            fails(1, image, uri(peer), "has 1048576 bytes, 3145728 too few for a disk of 4194304", "larger volume");
        }
    }

    @Test
    void theTargetIsReadOnly() throws Exception {
        try (Peer peer = Peer.nbdkit(folder, "-r", "memory", "4M")) {
            fails(1, image, uri(peer), "is read-only. Serve it for writing");
        }
    }

    @Test
    void theTargetCannotFlushUnlessTheRiskIsTaken() throws Exception {
        Path disk = Rig.sized(folder.resolve("noflush.raw"), IMAGE_BYTES);
        try (Peer peer = Peer.nbdkit(
                folder,
                "eval",
                "get_size=echo " + IMAGE_BYTES,
                "pread=dd if=%s iflag=skip_bytes,count_bytes skip=$4 count=$3 status=none".formatted(disk),
                "pwrite=dd of=%s oflag=seek_bytes seek=$4 conv=notrunc status=none".formatted(disk),
                "can_write=exit 0",
                "can_flush=exit 3")) {
            fails(1, image, uri(peer), "offers no FLUSH", "called durable", "--unsafe-target");
            var taken = program.run("copy", image, uri(peer), "--unsafe-target").exits(0);
            assertThat(taken.out() + taken.err()).contains("on a target that offers no FLUSH");
        }
        assertThat(Files.mismatch(Path.of(image), disk)).isEqualTo(-1);
    }

    @Test
    @NeedsPeer("openssl")
    void tlsIsRefusedDemandedOrNotTrusted() throws Exception {
        Path own = certificate("own");
        Path foreign = certificate("foreign");
        try (Peer peer = Peer.nbdkit(folder, "--tls=require", "--tls-certificates=" + own, "memory", "4M")) {
            String plain = uri(peer);
            String secure = plain.replace("nbd+unix", "nbds+unix");
            fails(1, image, plain, "demands TLS; use nbds://");
            fails(1, image, secure + "&tls-certificates=" + foreign, "TLS with", "failed", "Check that ca-cert.pem");
            program.run("copy", image, secure + "&tls-certificates=" + own).exits(0);
        }
        try (Peer peer = Peer.nbdkit(folder, "memory", "4M")) {
            fails(1, image, uri(peer).replace("nbd+unix", "nbds+unix"), "refuses TLS, and this URI demands it");
        }
    }

    @Test
    void theServerIsNoNbdServer() throws Exception {
        Path socket = folder.resolve("http");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread answer = new Thread(() -> answerGarbage(server));
            answer.setDaemon(true);
            answer.start();
            fails(1, image, "nbd+unix:///?socket=" + socket, "breaks the NBD protocol", "that of an NBD server");
        }
    }

    @Test
    @NeedsPeer("nbdcopy")
    void blockSizesThatAServerAdvertisesAreKept() throws Exception {
        try (Peer peer = Peer.nbdkit(
                folder,
                "--filter=blocksize-policy",
                "memory",
                "4M",
                "blocksize-minimum=4096",
                "blocksize-preferred=65536",
                "blocksize-maximum=131072",
                "blocksize-error-policy=error")) {
            program.run("copy", image, uri(peer)).exits(0);
            Path read = folder.resolve("read.raw");
            Peer.run(BRIEFLY, "nbdcopy", "--request-size=65536", uri(peer), read.toString())
                    .orFail();
            assertThat(Files.mismatch(Path.of(image), read)).isEqualTo(-1);
        }
    }

    private void fails(int exitCode, String source, String target, String... said) throws Exception {
        var outcome = program.run("copy", source, target).exits(exitCode);
        assertThat(outcome.out() + outcome.err()).contains(said).doesNotContain("Exception:", "\tat ");
    }

    private static String uri(Peer peer) {
        return peer.uri("").toString();
    }

    /** A folder as libnbd and nbdkit want it, with a certificate that signs itself. */
    private Path certificate(String name) throws IOException {
        Path pki = Files.createDirectory(folder.resolve(name));
        Peer.run(
                        BRIEFLY,
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost",
                        "-keyout",
                        pki + "/server-key.pem",
                        "-out",
                        pki + "/server-cert.pem")
                .orFail();
        Files.copy(pki.resolve("server-cert.pem"), pki.resolve("ca-cert.pem"));
        return pki;
    }

    private static void answerGarbage(ServerSocketChannel server) {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                client.write(ByteBuffer.wrap("HTTP/1.1 400 Bad Request\r\nServer: another\r\n\r\n".getBytes(US_ASCII)));
            } catch (IOException e) {
                return; // closed by the test
            }
        }
    }
}
