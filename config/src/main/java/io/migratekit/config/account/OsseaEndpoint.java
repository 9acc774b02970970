package io.migratekit.config.account;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * The URL of a cloud's API, written in one way: scheme and host in lower case, no usual port, no slash at its end. Secrets
 * are sealed together with it, so that two ways to write it would be two servers.
 *
 * @param url https, or http
 */
public record OsseaEndpoint(URI url) {
    private static final int CHARACTERS_MAX = 500;
    private static final String EXAMPLE = "a URL like https://cloud.example.com/client/api is needed";

    public OsseaEndpoint {
        url = normalised(url);
    }

    /**
     * Reads a URL as a person types it.
     *
     * @throws IllegalArgumentException if it is none of an API; the message does not repeat it, since it may hold a secret
     */
    public static OsseaEndpoint of(String text) {
        try {
            return new OsseaEndpoint(new URI(text.strip()));
        } catch (URISyntaxException e) {
            throw refused("the cloud's URL has a character at place %d that no URL has".formatted(e.getIndex()));
        }
    }

    private static URI normalised(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused("the cloud's URL does not begin with https://");
        }
        if (url.getRawUserInfo() != null) {
            throw refused("the cloud's URL holds a user or password; keys are never part of it");
        }
        if (url.getHost() == null) {
            throw refused("the cloud's URL has no host");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw refused("the cloud's URL holds a query or fragment");
        }
        boolean usualPort = url.getPort() == (scheme.equals("https") ? 443 : 80);
        String port = url.getPort() < 0 || usualPort ? "" : ":" + url.getPort();
        String text = scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + port + path(url);
        if (text.length() > CHARACTERS_MAX) {
            throw refused("the cloud's URL is longer than %d characters".formatted(CHARACTERS_MAX));
        }
        return URI.create(text);
    }

    private static String path(URI url) {
        String path = url.normalize().getRawPath();
        return path == null ? "" : path.replaceAll("/+$", "");
    }

    private static IllegalArgumentException refused(String problem) {
        return new IllegalArgumentException("%s; %s".formatted(problem, EXAMPLE));
    }

    /** Returns whether requests to it can be read and changed on their way. */
    public boolean plain() {
        return "http".equals(url.getScheme());
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
