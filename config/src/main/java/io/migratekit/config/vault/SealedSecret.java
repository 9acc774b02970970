package io.migratekit.config.vault;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret that only the key with its id opens, as it is kept in a column: {@code v1.KEY.BOX}, where KEY is the key's id
 * (16 hexadecimal digits) and BOX, in Base64 for URLs, the nonce (12 bytes), the secret under AES-256-GCM, and its tag
 * (16 bytes).
 *
 * @param text at most 2000 characters
 */
public record SealedSecret(String text) {
    static final String VERSION = "v1";

    private static final Pattern FORM = Pattern.compile("v1\\.([0-9a-f]{16})\\.([A-Za-z0-9_-]{39,1900})");

    public SealedSecret {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a sealed secret of an unknown form (%d characters); it was changed, or is of a later version"
                            .formatted(text.length()));
        }
    }

    static SealedSecret of(String keyId, byte[] box) {
        return new SealedSecret(VERSION + "." + keyId + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(box));
    }

    /** Returns which key opens it. */
    String keyId() {
        return part(1);
    }

    byte[] box() {
        return Base64.getUrlDecoder().decode(part(2));
    }

    private String part(int number) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalStateException("the form was checked before");
        }
        return parts.group(number);
    }

    @Override
    public String toString() {
        return "SealedSecret[%s]".formatted(keyId());
    }
}
