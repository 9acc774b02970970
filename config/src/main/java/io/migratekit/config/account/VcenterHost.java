package io.migratekit.config.account;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * A vCenter's address in one way of writing: {@code host} or {@code host:port} in lower case, without the usual port.
 * Passwords are sealed together with it.
 *
 * @param text at most 255 characters
 */
public record VcenterHost(String text) {
    private static final int HTTPS = 443;
    private static final int CHARACTERS_MAX = 255;

    public VcenterHost {
        text = normalised(text.strip());
    }

    private static String normalised(String text) {
        URI url;
        try {
            url = new URI(text.contains("://") ? text : "https://" + text);
        } catch (URISyntaxException e) {
            throw refused(
                    "the vCenter's address has a character at place %d that no address has".formatted(e.getIndex()));
        }
        if (!"https".equalsIgnoreCase(url.getScheme())) {
            throw refused("a vCenter is reached by https alone");
        }
        if (url.getRawUserInfo() != null) {
            throw refused("the vCenter's address holds a user or password; they are asked for");
        }
        if (url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw refused("the vCenter's address is no host");
        }
        int port = url.getPort();
        String address = url.getHost().toLowerCase(Locale.ROOT) + (port < 0 || port == HTTPS ? "" : ":" + port);
        if (address.length() > CHARACTERS_MAX) {
            throw refused("the vCenter's address is longer than %d characters".formatted(CHARACTERS_MAX));
        }
        return address;
    }

    private static IllegalArgumentException refused(String problem) {
        return new IllegalArgumentException(
                "%s; 'vcenter.example.com' or 'vcenter.example.com:8443' is needed".formatted(problem));
    }

    @Override
    public String toString() {
        return text;
    }
}
