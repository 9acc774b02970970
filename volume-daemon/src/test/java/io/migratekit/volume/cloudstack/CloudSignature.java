package io.migratekit.volume.cloudstack;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Checks a request as the management server does: from the decoded fields, with nothing of the client's code. */
final class CloudSignature {
    private static final Duration LIFE_MAX = Duration.ofMinutes(15);

    private CloudSignature() {}

    static Map<String, String> fields(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            int at = pair.indexOf('=');
            fields.put(decoded(pair.substring(0, at)), decoded(pair.substring(at + 1)));
        }
        return fields;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Returns whether the fields are signed with the key, and still good. */
    static boolean good(Map<String, String> fields, String apiKey, String secretKey, Instant now) {
        return apiKey.equals(fields.get("apiKey"))
                && "3".equals(fields.get("signatureVersion"))
                && inTime(fields.getOrDefault("expires", ""), now)
                && of(fields, secretKey).equals(fields.get("signature"));
    }

    private static boolean inTime(String expires, Instant now) {
        if (expires.isEmpty()) {
            return false;
        }
        Instant end = OffsetDateTime.parse(expires, DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssZ", Locale.ROOT))
                .toInstant();
        return end.isAfter(now) && end.isBefore(now.plus(LIFE_MAX));
    }

    static String of(Map<String, String> fields, String secretKey) {
        List<String> names = new ArrayList<>(fields.keySet());
        names.remove("signature");
        Collections.sort(names);
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            String value = fields.getOrDefault(name, "");
            text.append(text.isEmpty() ? "" : "&")
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replaceAll("\\+", "%20"));
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            byte[] sum = mac.doFinal(text.toString().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(sum);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
