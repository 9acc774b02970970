package io.migratekit.volume.cloudstack.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The body of a request: its parameters with a signature over them, as "Signing API Requests" of the developer's guide
 * has it (version 3, which names a time after which the request is worthless).
 */
record SignedForm(String signature, String body) {
    private static final DateTimeFormatter EXPIRES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssZ", Locale.ROOT).withZone(ZoneOffset.UTC);

    static SignedForm of(ApiCommand command, ApiKeys keys, Instant expires) {
        SortedMap<String, String> fields = new TreeMap<>(command.parameters());
        fields.put("command", command.name());
        fields.put("response", "json");
        fields.put("apiKey", keys.apiKey());
        fields.put("signatureVersion", "3");
        fields.put("expires", EXPIRES.format(expires));
        String form = encoded(fields);
        // What is signed is the lower-case form, escapes included.
        String signature = keys.sign(form.toLowerCase(Locale.ROOT));
        return new SignedForm(signature, form + "&signature=" + encoded(signature));
    }

    /** Returns a text of the other side without the signature, should it have repeated it, as it is or as it was sent. */
    String hiddenIn(String text) {
        return text.replace(encoded(signature), "***").replace(signature, "***");
    }

    /** Names stay as they are, for they are signed so: the brackets of {@code tags[0].key} too. */
    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "SignedForm[hidden]";
    }
}
