package io.migratekit.nbd.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads PEM text as certtool and openssl write it: certificates, and private keys in PKCS#8 or in the older forms for
 * RSA (PKCS#1) and EC (SEC 1). Words outside the BEGIN and END lines are passed over.
 */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

    private Pem() {}

    static List<X509Certificate> certificates(Path file, String text) throws IOException {
        List<X509Certificate> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (block.find()) {
                if (block.group(1).endsWith("CERTIFICATE")) {
                    byte[] der = der(file, block.group(2));
                    found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
                }
            }
        } catch (CertificateException e) {
            throw new IOException("%s holds a certificate that cannot be read: %s".formatted(file, e.getMessage()), e);
        }
        if (found.isEmpty()) {
            throw new IOException("%s holds no certificate (no BEGIN CERTIFICATE line)".formatted(file));
        }
        return found;
    }

    static PrivateKey privateKey(Path file, String text) throws IOException {
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            String label = block.group(1);
            if (label.equals("ENCRYPTED PRIVATE KEY")) {
                throw encrypted(file);
            }
            if (label.endsWith("PRIVATE KEY")) { // what comes before it, such as EC PARAMETERS, is passed over
                return pkcs8(file, asPkcs8(file, label, der(file, block.group(2))));
            }
        }
        throw text.contains("ENCRYPTED")
                ? encrypted(file)
                : new IOException("%s holds no private key (no BEGIN PRIVATE KEY line)".formatted(file));
    }

    private static byte[] asPkcs8(Path file, String label, byte[] der) throws IOException {
        return switch (label) {
            case "RSA PRIVATE KEY" -> Der.pkcs8OfRsa(der);
            case "EC PRIVATE KEY" -> Der.pkcs8OfEc(file, der);
            default -> der;
        };
    }

    private static PrivateKey pkcs8(Path file, byte[] der) throws IOException {
        GeneralSecurityException last = null;
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                last = e; // the next algorithm may fit
            } catch (GeneralSecurityException e) {
                throw new IOException("%s needs %s, which this JDK lacks".formatted(file, algorithm), e);
            }
        }
        throw new IOException("%s holds a private key that is none of %s".formatted(file, KEY_ALGORITHMS), last);
    }

    private static byte[] der(Path file, String base64) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException("%s is damaged: its base64 text cannot be decoded".formatted(file), e);
        }
    }

    private static IOException encrypted(Path file) {
        return new IOException(
                "%s is encrypted. Write it without a pass phrase (openssl pkey -in … -out …) and protect the file itself"
                        .formatted(file));
    }
}
