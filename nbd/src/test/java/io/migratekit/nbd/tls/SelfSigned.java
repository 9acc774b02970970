package io.migratekit.nbd.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * Certificates for tests without peers: made by the JDK's keytool, for localhost and 127.0.0.1, each its own authority.
 */
public final class SelfSigned {
    private SelfSigned() {}

    /** Fills {@code folder} for both sides, so that each trusts the other; returns it. */
    public static Path folder(Path folder) throws IOException, GeneralSecurityException {
        Files.createDirectories(folder);
        pair(folder, "server");
        pair(folder, "client");
        String both = Files.readString(folder.resolve("server-cert.pem"))
                + Files.readString(folder.resolve("client-cert.pem"));
        Files.writeString(folder.resolve(TlsFiles.AUTHORITY), both);
        return folder;
    }

    private static void pair(Path folder, String side) throws IOException, GeneralSecurityException {
        Path file = folder.resolve(side + ".p12");
        keytool(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                "password",
                "-alias",
                side,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + side,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2"));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, "password".toCharArray());
        }
        pem(
                folder.resolve(side + "-cert.pem"),
                "CERTIFICATE",
                store.getCertificate(side).getEncoded());
        pem(
                folder.resolve(side + "-key.pem"),
                "PRIVATE KEY",
                store.getKey(side, "password".toCharArray()).getEncoded());
    }

    private static void pem(Path file, String label, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label));
    }

    private static void keytool(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        }
    }
}
