package io.migratekit.nbd.tls;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys in every form in which certtool and openssl write them. */
@NeedsPeer("openssl")
final class TlsFilesIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private String key = "";

    @BeforeEach
    void name() {
        key = folder.resolve("server-key.pem").toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genrsa -traditional -out KEY 2048", // PKCS#1
                "genpkey -algorithm RSA -out KEY", // PKCS#8
                "ecparam -name prime256v1 -genkey -out KEY", // SEC 1, parameters before it
                "ecparam -name secp384r1 -genkey -noout -out KEY", // SEC 1
                "ecparam -name secp521r1 -genkey -noout -out KEY", // SEC 1, lengths above 127
                "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out KEY",
                "genpkey -algorithm ED25519 -out KEY"
            })
    void readsWhatOpensslWrites(String command) throws IOException {
        openssl(command.replace("KEY", key));
        certify();
        TlsFiles.server(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--rsa --bits 2048", "--ecc", "--rsa --bits 2048 --pkcs8 --empty-password", "--key-type ed25519"
            })
    @NeedsPeer("certtool")
    void readsWhatCerttoolWrites(String arguments) throws IOException {
        Peer.run(TIMEOUT, ("certtool --generate-privkey --outfile " + key + " " + arguments).split(" ", -1))
                .orFail();
        if (Files.readString(Path.of(key)).contains("ENCRYPTED")) {
            assertThatThrownBy(() -> Pem.privateKey(Path.of(key), Files.readString(Path.of(key))))
                    .hasMessageContaining("server-key.pem is encrypted");
            return;
        }
        certify();
        TlsFiles.server(folder);
    }

    @Test
    void saysThatAKeyIsEncrypted() throws IOException {
        openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:secret -out " + key);
        Files.writeString(folder.resolve("server-cert.pem"), "none");
        assertThatThrownBy(() -> Pem.privateKey(Path.of(key), Files.readString(Path.of(key))))
                .hasMessageContaining("server-key.pem is encrypted");
    }

    @Test
    void saysWhichFileIsMissingEmptyOrDamaged() throws IOException {
        assertThatThrownBy(() -> TlsFiles.server(folder)).hasMessageContaining("server-cert.pem does not exist");
        Files.writeString(folder.resolve("server-cert.pem"), "");
        assertThatThrownBy(() -> TlsFiles.server(folder)).hasMessageContaining("server-cert.pem holds no certificate");
        Files.writeString(
                folder.resolve("server-cert.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> TlsFiles.server(folder)).hasMessageContaining("server-cert.pem");
        openssl("genpkey -algorithm ED25519 -out " + key);
        certify();
        Files.writeString(Path.of(key), "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n");
        assertThatThrownBy(() -> TlsFiles.server(folder)).hasMessageContaining("without a named curve");
    }

    private void certify() {
        openssl("req -new -x509 -subj /CN=localhost -days 2 -key " + key + " -out "
                + folder.resolve("server-cert.pem"));
    }

    private static void openssl(String arguments) {
        Peer.run(TIMEOUT, ("openssl " + arguments).split(" ", -1)).orFail();
    }
}
