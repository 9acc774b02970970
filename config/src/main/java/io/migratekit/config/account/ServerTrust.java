package io.migratekit.config.account;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * How a server's certificate is checked: by the system's authorities, by an authority in a file, by its own thumbprint,
 * or not at all. At most one is set.
 *
 * @param caFile absolute; certificates of authorities in PEM
 * @param thumbprint SHA-256 or SHA-1 of the server's certificate: pairs of upper-case hexadecimal digits with colons
 * @param insecure whether anybody may stand in for the server; also lets a cloud be asked without TLS
 */
public record ServerTrust(Optional<Path> caFile, Optional<String> thumbprint, boolean insecure) {
    /** The system's authorities. */
    public static final ServerTrust AUTHORITIES = new ServerTrust(Optional.empty(), Optional.empty(), false);

    /** No check. */
    public static final ServerTrust NONE = new ServerTrust(Optional.empty(), Optional.empty(), true);

    private static final int SHA_1_BYTES = 20;
    private static final int SHA_256_BYTES = 32;
    private static final int CA_FILE_CHARACTERS_MAX = 1000;

    public ServerTrust {
        if ((caFile.isPresent() ? 1 : 0) + (thumbprint.isPresent() ? 1 : 0) + (insecure ? 1 : 0) > 1) {
            throw new IllegalArgumentException(
                    "a certificate is checked by an authority's file, by a thumbprint, or not at all; give one of the three");
        }
        caFile.filter(file -> !file.isAbsolute() || file.toString().length() > CA_FILE_CHARACTERS_MAX)
                .ifPresent(file -> {
                    throw new IllegalArgumentException(
                            "'%s' is no absolute path of at most 1000 characters".formatted(file));
                });
        thumbprint = thumbprint.map(ServerTrust::normalised);
    }

    /** Returns trust in the authorities of a file. */
    public static ServerTrust inAuthority(Path caFile) {
        return new ServerTrust(Optional.of(caFile.toAbsolutePath().normalize()), Optional.empty(), false);
    }

    /**
     * Returns trust in one certificate.
     *
     * @param thumbprint hexadecimal, with or without colons
     */
    public static ServerTrust inCertificate(String thumbprint) {
        return new ServerTrust(Optional.empty(), Optional.of(thumbprint), false);
    }

    private static String normalised(String thumbprint) {
        String digits = thumbprint.replaceAll("[:\\s]", "");
        if (!digits.matches("([0-9A-Fa-f]{2})+")
                || (digits.length() != 2 * SHA_1_BYTES && digits.length() != 2 * SHA_256_BYTES)) {
            throw new IllegalArgumentException(
                    "'%s' is no thumbprint; 64 (SHA-256) or 40 (SHA-1) hexadecimal digits are, as 'openssl x509 -fingerprint -sha256' prints"
                            .formatted(thumbprint));
        }
        return HexFormat.ofDelimiter(":")
                .withUpperCase()
                .formatHex(HexFormat.of().parseHex(digits.toLowerCase(Locale.ROOT)));
    }

    static ServerTrust stored(String caFile, String thumbprint, boolean insecure) {
        return new ServerTrust(
                Optional.of(caFile).filter(text -> !text.isEmpty()).map(Path::of),
                Optional.of(thumbprint).filter(text -> !text.isEmpty()),
                insecure);
    }

    String storedCaFile() {
        return caFile.map(Path::toString).orElse("");
    }

    String storedThumbprint() {
        return thumbprint.orElse("");
    }

    /** Returns it for people. */
    @Override
    public String toString() {
        if (insecure) {
            return "not checked (insecure)";
        }
        return caFile.map(file -> "authority in " + file)
                .or(() -> thumbprint.map(print -> "thumbprint " + print))
                .orElse("the system's authorities");
    }
}
