package io.migratekit.volume.cloudstack.api;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Checks a server's certificate as its configuration says: by authorities and name, by its thumbprint, or not at all. A
 * refusal tells the thumbprint that was seen, so that a person can compare it with the server's own.
 */
final class CertificateCheck extends X509ExtendedTrustManager {
    private static final int SHA_1_CHARACTERS = 59;

    private final ServerTrust trust;
    private final X509ExtendedTrustManager authorities;

    private CertificateCheck(ServerTrust trust, X509ExtendedTrustManager authorities) {
        this.trust = trust;
        this.authorities = authorities;
    }

    /**
     * Returns TLS with that check.
     *
     * @throws VolumeException of kind REFUSED if the authority's file cannot be used
     */
    static SSLContext context(ServerTrust trust) {
        try {
            @Nullable
            KeyStore own = trust.caFile().isPresent() ? store(trust.caFile().get()) : null;
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new CertificateCheck(trust, authorities(own))}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new VolumeException(
                    Kind.REFUSED, "certificates cannot be checked by %s: %s".formatted(trust, e.getMessage()), e);
        }
    }

    private static KeyStore store(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("authority" + number++, certificate);
        }
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!all.isEmpty()) {
                return all;
            }
            throw new CertificateException("there is none in it");
        } catch (IOException | CertificateException e) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "the authority's file '%s' does not hold certificates that can be read (%s: %s); it needs them in PEM, each from BEGIN to END CERTIFICATE"
                            .formatted(file, e.getClass().getSimpleName(), e.getMessage()),
                    e);
        }
    }

    /** Returns Java's own check, which also compares the server's name. */
    private static X509ExtendedTrustManager authorities(@Nullable KeyStore own) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(own);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("this Java has no check of X.509 certificates, which every Java has");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, () -> authorities.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, () -> authorities.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, () -> authorities.checkServerTrusted(chain, authType));
    }

    /** What authorities say. */
    private interface Judgement {
        void give() throws CertificateException;
    }

    private void check(X509Certificate[] chain, Judgement judgement) throws CertificateException {
        if (trust.insecure()) {
            return;
        }
        Optional<String> pinned = trust.thumbprint();
        if (pinned.isPresent()) {
            checkPinned(pinned.get(), chain[0]);
            return;
        }
        try {
            judgement.give();
        } catch (CertificateException e) {
            throw new UntrustedCertificate(
                    "has a certificate that %s do not vouch for (%s). Its thumbprint (SHA-256) is %s: if that is the server's own, trust it by --thumbprint, or its authority by --ca-file"
                            .formatted(
                                    trust.caFile()
                                            .map(file -> "the authorities in '%s'".formatted(file))
                                            .orElse("the system's authorities"),
                                    e.getMessage(),
                                    thumbprint("SHA-256", chain[0])),
                    e);
        }
    }

    private static void checkPinned(String pinned, X509Certificate certificate) throws CertificateException {
        String seen = thumbprint(pinned.length() == SHA_1_CHARACTERS ? "SHA-1" : "SHA-256", certificate);
        if (!seen.equals(pinned)) {
            throw new UntrustedCertificate(
                    "has a certificate with thumbprint %s, and not %s, which is trusted: it was renewed, or somebody stands in for the server. Compare it with the server's own before you trust it by --thumbprint"
                            .formatted(seen, pinned),
                    null);
        }
    }

    private static String thumbprint(String algorithm, X509Certificate certificate) throws CertificateException {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the certificate's thumbprint cannot be computed", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authorities.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
