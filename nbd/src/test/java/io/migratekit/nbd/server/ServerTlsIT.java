package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with certificates of certtool, against clients that use GnuTLS. */
@NeedsPeer({"certtool", "nbdinfo", "nbdcopy", "qemu-img", "cmp"})
final class ServerTlsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    static Path certificates;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeCertificates() throws IOException {
        certtool("ca", "cn = test authority\nca\ncert_signing_key\n", "--generate-self-signed");
        signed("server", "cn = localhost\ndns_name = localhost\nip_address = 127.0.0.1\ntls_www_server\nsigning_key\n");
        signed("client", "cn = client\ntls_www_client\nsigning_key\n");
    }

    @Test
    void copiesOverTcpAndUnixSockets() throws IOException {
        for (NbdUri.Address address :
                new NbdUri.Address[] {new NbdUri.Tcp("127.0.0.1", 0), new NbdUri.Unix(folder.resolve("tls.sock"))}) {
            try (ServedFolder served = serve(address)) {
                Path original = served.mixed("original.raw", ServedFolder.SIZE_BYTES);
                String uri = withCertificates(served.serve("copy.raw"), certificates);
                assertThat(run("nbdinfo", uri)).contains("with TLS");
                run("nbdcopy", "--flush", original.toString(), uri);
                run("cmp", original.toString(), served.file("copy.raw").toString());
                run("nbdcopy", uri, served.file("back.raw").toString());
                run("cmp", original.toString(), served.file("back.raw").toString());
                Files.delete(served.file("copy.raw"));
            }
        }
    }

    @Test
    void qemuImgConvertsUnderTls() throws IOException {
        try (ServedFolder served = serve(new NbdUri.Tcp("127.0.0.1", 0))) {
            Path original = served.mixed("original.raw", ServedFolder.SIZE_BYTES);
            served.serve("copy.raw");
            int port = ((NbdUri.Tcp) served.server().address()).port();
            run(
                    "qemu-img",
                    "convert",
                    "-n",
                    "--target-image-opts",
                    "--object",
                    "tls-creds-x509,id=tls0,endpoint=client,dir=" + certificates,
                    "-f",
                    "raw",
                    original.toString(),
                    "driver=nbd,host=127.0.0.1,port=" + port + ",export=copy.raw,tls-creds=tls0");
            run("cmp", original.toString(), served.file("copy.raw").toString());
        }
    }

    @Test
    void refusesPlainClients() throws IOException {
        try (ServedFolder served = serve(new NbdUri.Tcp("127.0.0.1", 0))) {
            String uri = served.serve("copy.raw").replace("nbds:", "nbd:");
            assertThat(Peer.run(TIMEOUT, "nbdinfo", uri).exitCode()).isNotZero();
            assertThat(Peer.run(TIMEOUT, "nbdinfo", "--list", uri).exitCode()).isNotZero();
        }
    }

    @Test
    void refusesClientsWithoutCertificateWhereAnAuthorityIsNamed() throws IOException {
        Path stranger = Files.createDirectory(folder.resolve("stranger"));
        Files.copy(certificates.resolve("ca-cert.pem"), stranger.resolve("ca-cert.pem"));
        try (ServedFolder served = serve(new NbdUri.Tcp("127.0.0.1", 0))) {
            String uri = withCertificates(served.serve("copy.raw"), stranger);
            assertThat(Peer.run(TIMEOUT, "nbdinfo", "--size", uri).exitCode()).isNotZero();
        }
    }

    @Test
    void acceptsAnyClientWhereNoAuthorityIsNamed() throws IOException {
        Path open = Files.createDirectory(folder.resolve("open"));
        for (String name : new String[] {"server-cert.pem", "server-key.pem"}) {
            Files.copy(certificates.resolve(name), open.resolve(name));
        }
        Path client = Files.createDirectory(folder.resolve("client"));
        Files.copy(certificates.resolve("ca-cert.pem"), client.resolve("ca-cert.pem"));
        ServerOptions options = ServerOptions.defaults().withTls(open);
        try (ServedFolder served = ServedFolder.on(folder, new NbdUri.Tcp("127.0.0.1", 0), options)) {
            String uri = withCertificates(served.serve("copy.raw"), client);
            assertThat(run("nbdinfo", "--size", uri)).startsWith(Integer.toString(ServedFolder.SIZE_BYTES));
        }
    }

    private ServedFolder serve(NbdUri.Address address) throws IOException {
        return ServedFolder.on(folder, address, ServerOptions.defaults().withTls(certificates));
    }

    private static String withCertificates(String uri, Path folder) {
        return uri + (uri.contains("?") ? "&" : "?") + "tls-certificates=" + folder;
    }

    private static void signed(String side, String template) throws IOException {
        certtool(
                side,
                template,
                "--generate-certificate",
                "--load-ca-certificate=" + certificates.resolve("ca-cert.pem"),
                "--load-ca-privkey=" + certificates.resolve("ca-key.pem"));
    }

    private static void certtool(String side, String template, String... arguments) throws IOException {
        String key = certificates.resolve(side + "-key.pem").toString();
        run("certtool", "--generate-privkey", "--outfile", key);
        Path templateFile = Files.writeString(certificates.resolve(side + ".info"), template);
        String[] fixed = {
            "certtool",
            "--load-privkey",
            key,
            "--template",
            templateFile.toString(),
            "--outfile",
            certificates.resolve(side + "-cert.pem").toString()
        };
        String[] command = java.util.Arrays.copyOf(fixed, fixed.length + arguments.length);
        System.arraycopy(arguments, 0, command, fixed.length, arguments.length);
        run(command);
    }

    private static String run(String... command) {
        return Peer.run(TIMEOUT, command).orFail();
    }
}
