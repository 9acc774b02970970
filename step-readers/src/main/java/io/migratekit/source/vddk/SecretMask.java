package io.migratekit.source.vddk;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes secrets out of what nbdkit and VDDK print: the password in the forms that libraries print, and whatever
 * follows a word for a secret.
 */
final class SecretMask {
    private static final String MASK = "***";

    private static final Pattern NAMED = Pattern.compile(
            "(?i)((?:pass(?:word|wd|phrase)?|pwd|cookie|vmware_soap_session|session[_ -]?(?:id|key)|ticket|token|secret)[\"']?\\s*(?:=|:|>)\\s*[\"']?)([^\\s\"',;&<]+)");

    private volatile List<String> forms = List.of(); // replaced under this

    SecretMask(Password password) {
        learn(password);
    }

    /** Takes another password out from now on, beside the earlier ones. */
    synchronized void learn(Password password) {
        String text = password.reveal();
        String xml = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        String attribute = xml.replace("\"", "&quot;").replace("'", "&apos;");
        String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$");
        String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
        forms = Stream.concat(forms.stream(), Stream.of(attribute, xml, escaped, encoded, text))
                .distinct()
                .toList();
    }

    String mask(String line) {
        String masked = line;
        for (String form : forms) {
            masked = masked.replace(form, MASK);
        }
        return NAMED.matcher(masked).replaceAll("$1" + MASK);
    }

    /** Returns the beginning of a line that is too long, without a secret that its end may have cut in two. */
    String maskCut(String beginning) {
        int longest = forms.stream().mapToInt(String::length).max().orElse(0);
        return mask(beginning.substring(0, Math.max(0, beginning.length() - longest)));
    }
}
