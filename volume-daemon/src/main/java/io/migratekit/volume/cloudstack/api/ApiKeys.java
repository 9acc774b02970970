package io.migratekit.volume.cloudstack.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The two keys of an account. Neither leaves this package but in a signed request, and neither is in {@link #toString}.
 */
public final class ApiKeys {
    private static final String HMAC = "HmacSHA1";

    private final String apiKey;
    private final String secretKey;

    /**
     * Takes keys as CloudStack shows them.
     *
     * @throws IllegalArgumentException if one is empty or holds a blank, as a badly pasted one does
     */
    public ApiKeys(String apiKey, String secretKey) {
        this.apiKey = checked("API key", apiKey);
        this.secretKey = checked("secret key", secretKey);
    }

    private static String checked(String what, String key) {
        if (key.isEmpty() || key.chars().anyMatch(c -> c <= ' ')) {
            throw new IllegalArgumentException(
                    "the %s is empty or holds a blank; give it as CloudStack shows it, in one line".formatted(what));
        }
        return key;
    }

    String apiKey() {
        return apiKey;
    }

    /** Returns the signature of a text, in Base64. */
    String sign(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), HMAC));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC + ", which every Java must have", e);
        }
    }

    /** Returns a text of the other side without the keys, should it have repeated them, as they are or as in a form. */
    String hiddenIn(String text) {
        String hidden = text;
        for (String key : new String[] {secretKey, apiKey}) {
            hidden = hidden.replace(key, "***").replace(URLEncoder.encode(key, StandardCharsets.UTF_8), "***");
        }
        return hidden;
    }

    @Override
    public String toString() {
        return "ApiKeys[hidden]";
    }
}
