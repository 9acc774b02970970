package io.migratekit.source.vcenter.session;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/** By what a vCenter's certificate is recognised. */
public sealed interface VCenterTrust {

    /** By the authorities that the Java runtime trusts, and by the host's name in the certificate. */
    record SystemAuthorities() implements VCenterTrust {}

    /**
     * By the authorities in a file, and by the host's name in the certificate.
     *
     * @param file PEM, one or more certificates
     */
    record AuthorityFile(Path file) implements VCenterTrust {}

    /**
     * By the certificate's own fingerprint, whatever name, authority and dates it has.
     *
     * @param text SHA-256 (32 pairs of hexadecimal digits) or SHA-1 (20 pairs), kept in upper case with colons
     */
    record Thumbprint(String text) implements VCenterTrust {
        private static final Pattern FORM = Pattern.compile("([0-9A-F]{2}:){19}(([0-9A-F]{2}:){12})?[0-9A-F]{2}");

        public Thumbprint {
            String plain = text.strip().replace(":", "").toUpperCase(Locale.ROOT);
            String pairs = plain.replaceAll("(..)(?=.)", "$1:");
            if (!FORM.matcher(pairs).matches()) {
                throw new IllegalArgumentException(
                        "thumbprint '%s'; 32 pairs of hexadecimal digits (SHA-256) or 20 (SHA-1) are needed"
                                .formatted(text));
            }
            text = pairs;
        }
    }

    /** By nothing: whoever answers gets the password. For laboratories. */
    record Insecure() implements VCenterTrust {}
}
