package io.migratekit.source.vcenter.session;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** Names certificates as people compare them. */
final class Certificates {
    private Certificates() {}

    static String sha1(X509Certificate certificate) {
        return fingerprint("SHA-1", certificate); // what VDDK asks for
    }

    static String sha256(X509Certificate certificate) {
        return fingerprint("SHA-256", certificate);
    }

    private static String fingerprint(String algorithm, X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that cannot be encoded: " + e.getMessage(), e);
        }
    }
}
