package io.migratekit.nbd.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates in a folder, under the names that libnbd, nbdkit and qemu read: {@code ca-cert.pem} (whom to trust),
 * {@code server-cert.pem} and {@code server-key.pem}, {@code client-cert.pem} and {@code client-key.pem}. Files are
 * read at each call, so that renewed certificates hold for the next connection or listener.
 */
public final class TlsFiles {
    /** Name of the file with the certificates of those who may sign the other side's certificate. */
    public static final String AUTHORITY = "ca-cert.pem";

    private TlsFiles() {}

    /**
     * Prepares the client side: trusts {@code ca-cert.pem}, else what the JDK trusts; shows {@code client-cert.pem}
     * where the folder has it.
     *
     * @throws IOException with the file and what is wrong with it; repeating does not help
     */
    public static SSLContext client(Path folder) throws IOException {
        boolean shows = Files.exists(folder.resolve("client-cert.pem"));
        return context(folder, shows ? keys(folder, "client") : null);
    }

    /**
     * Prepares the server side: shows {@code server-cert.pem}; trusts clients that {@code ca-cert.pem} signed.
     *
     * @throws IOException with the file and what is wrong with it; repeating does not help
     */
    public static SSLContext server(Path folder) throws IOException {
        return context(folder, keys(folder, "server"));
    }

    /** Tells whether the folder names an authority, so that a server can verify clients. */
    public static boolean hasAuthority(Path folder) {
        return Files.exists(folder.resolve(AUTHORITY));
    }

    private static SSLContext context(Path folder, KeyManager @Nullable [] keys) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust(folder), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates in %s cannot be used: %s".formatted(folder, e.getMessage()), e);
        }
    }

    private static KeyManager[] keys(Path folder, String side) throws IOException {
        Path certificateFile = folder.resolve(side + "-cert.pem");
        Path keyFile = folder.resolve(side + "-key.pem");
        List<X509Certificate> chain = Pem.certificates(certificateFile, text(certificateFile));
        PrivateKey key = Pem.privateKey(keyFile, text(keyFile));
        try {
            KeyStore store = emptyStore();
            store.setKeyEntry(side, key, new char[0], chain.toArray(new X509Certificate[0]));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, new char[0]);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "%s and %s do not go together: %s".formatted(certificateFile, keyFile, e.getMessage()), e);
        }
    }

    private static TrustManager @Nullable [] trust(Path folder) throws IOException, GeneralSecurityException {
        if (!hasAuthority(folder)) {
            return null; // the JDK's own list
        }
        Path file = folder.resolve(AUTHORITY);
        KeyStore store = emptyStore();
        int number = 0;
        for (X509Certificate authority : Pem.certificates(file, text(file))) {
            store.setCertificateEntry("authority-" + number++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static String text(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "%s does not exist. Make it with certtool or openssl, or name another folder".formatted(file), e);
        }
    }
}
