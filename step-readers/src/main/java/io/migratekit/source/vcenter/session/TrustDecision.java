package io.migratekit.source.vcenter.session;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Decides on one vCenter's certificates, and remembers the one that it refused. For any thread. */
final class TrustDecision extends X509ExtendedTrustManager {
    private final VCenterTrust trust;
    private final @Nullable X509ExtendedTrustManager authorities;
    private volatile @Nullable X509Certificate refused;

    /**
     * Makes one.
     *
     * @throws IOException if the file of authorities cannot be read
     */
    TrustDecision(VCenterTrust trust) throws IOException {
        this.trust = trust;
        if (trust instanceof VCenterTrust.SystemAuthorities) {
            this.authorities = authorities(null);
        } else if (trust instanceof VCenterTrust.AuthorityFile named) {
            this.authorities = authorities(store(named.file()));
        } else {
            this.authorities = null;
        }
    }

    /** Returns a context for connections to this vCenter alone. */
    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** Returns the last certificate that was not trusted. */
    Optional<X509Certificate> refused() {
        return Optional.ofNullable(refused);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        try {
            if (authorities != null) {
                authorities.checkServerTrusted(chain, type, engine); // and the host's name, as the engine asks for
            } else if (trust instanceof VCenterTrust.Thumbprint pinned) {
                checkThumbprint(chain[0], pinned.text());
            }
        } catch (CertificateException e) {
            refused = chain[0];
            throw e;
        }
    }

    private static void checkThumbprint(X509Certificate certificate, String pinned) throws CertificateException {
        if (!pinned.equals(Certificates.sha256(certificate)) && !pinned.equals(Certificates.sha1(certificate))) {
            throw new CertificateException("it is not the certificate that is pinned");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("only engines are used here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("only engines are used here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("nobody logs in here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("nobody logs in here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("nobody logs in here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities == null ? new X509Certificate[0] : authorities.getAcceptedIssuers();
    }

    private static X509ExtendedTrustManager authorities(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager authorities) {
                    return authorities;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PKIX", e);
        }
        throw new IllegalStateException("every JDK checks certificates");
    }

    private static KeyStore store(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException("there is no certificate in it");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            return store;
        } catch (GeneralSecurityException e) {
            throw new IOException("it is no PEM file of certificates: " + e.getMessage(), e);
        }
    }
}
