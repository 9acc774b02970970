package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * An authority with a server's and a client's certificate, made by certtool, under the names that libnbd reads.
 *
 * @param folder where they lie
 */
public record TestCertificates(Path folder) {

    public static TestCertificates make(Path folder, String serverName) throws IOException {
        Files.createDirectories(folder);
        TestCertificates made = new TestCertificates(folder);
        made.key("ca");
        made.template("ca", "cn = test authority\nca\ncert_signing_key\n");
        made.certtool("--generate-self-signed", "--load-privkey", made.file("ca-key.pem"), "ca");
        made.signed("server", "cn = " + serverName + "\ndns_name = " + serverName + "\ntls_www_server\nsigning_key\n");
        made.signed("client", "cn = client\ntls_www_client\nsigning_key\n");
        return made;
    }

    /** Returns a server's address with TLS and these certificates. */
    public NbdUri uri(NbdUri plain) {
        return new NbdUri(plain.address(), true, plain.exportName(), Map.of("tls-certificates", folder.toString()));
    }

    private void signed(String name, String template) throws IOException {
        key(name);
        template(name, template);
        certtool(
                "--generate-certificate",
                "--load-ca-certificate",
                file("ca-cert.pem"),
                "--load-ca-privkey",
                file("ca-key.pem"),
                "--load-privkey",
                file(name + "-key.pem"),
                name);
    }

    private void key(String name) {
        Peer.run(
                        Duration.ofSeconds(60),
                        "certtool",
                        "--generate-privkey",
                        "--key-type=ecdsa",
                        "--outfile",
                        file(name + "-key.pem"))
                .orFail();
    }

    private void template(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name + ".template"), text);
    }

    /** Runs certtool; the last argument names the certificate that it makes. */
    private void certtool(String... arguments) {
        String name = arguments[arguments.length - 1];
        String[] command = new String[arguments.length + 4];
        command[0] = "certtool";
        System.arraycopy(arguments, 0, command, 1, arguments.length - 1);
        command[arguments.length] = "--template";
        command[arguments.length + 1] = file(name + ".template");
        command[arguments.length + 2] = "--outfile";
        command[arguments.length + 3] = file(name + "-cert.pem");
        Peer.run(Duration.ofSeconds(60), command).orFail();
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }
}
