package io.migratekit.nbd;

import io.migratekit.nbd.wire.Handshake;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an export is served: {@code nbd://host[:port]/export}, {@code nbds://…} for TLS, {@code
 * nbd+unix:///export?socket=PATH} and {@code nbds+unix://…} (doc/uri.md of the NetworkBlockDevice project). Query
 * parameters that we read: {@code socket} (path of a unix socket), {@code tls-certificates} (folder with ca-cert.pem
 * and, for a client certificate, client-cert.pem and client-key.pem), {@code tls-hostname} (name expected in the
 * server's certificate where it differs from the host) and {@code bitmap} (name of a qemu dirty bitmap). Holds no
 * secret: a URI may be logged.
 *
 * @param address where to connect
 * @param tls whether TLS is demanded; a server that refuses it is refused
 * @param exportName name of the export, possibly empty (the server's default export), at most 4096 bytes
 * @param parameters query parameters apart from {@code socket}, decoded
 */
public record NbdUri(Address address, boolean tls, String exportName, Map<String, String> parameters) {

    /** Looks at the text and not at a parsed URI, since what cannot be parsed is repeated in a message as well. */
    private static final Pattern SECRET = Pattern.compile("//[^/?#]*:[^/?#]*@");

    private static final List<String> PARAMETERS = List.of("tls-certificates", "tls-hostname", "bitmap");

    /** Where a server listens. */
    public sealed interface Address permits Tcp, Unix {}

    /**
     * A TCP address.
     *
     * @param host name or address, an IPv6 address without brackets
     * @param port 0 to 65535; 0 lets a server choose
     */
    public record Tcp(String host, int port) implements Address {
        public Tcp {
            if (host.isEmpty() || port < 0 || port > 65535) {
                throw new IllegalArgumentException(
                        "TCP address '%s' port %d; a host and a port of 0 to 65535 are needed".formatted(host, port));
            }
        }
    }

    /** A unix socket's path. */
    public record Unix(Path path) implements Address {}

    public NbdUri {
        parameters = Map.copyOf(parameters);
        if (exportName.getBytes(StandardCharsets.UTF_8).length > Handshake.STRING_BYTES_MAX) {
            throw new IllegalArgumentException("export name of %d characters; NBD allows %d bytes"
                    .formatted(exportName.length(), Handshake.STRING_BYTES_MAX));
        }
    }

    /** Tells whether {@code text} has one of the schemes that {@link #parse} reads. */
    public static boolean accepts(String text) {
        return text.startsWith("nbd://")
                || text.startsWith("nbds://")
                || text.startsWith("nbd+unix://")
                || text.startsWith("nbds+unix://");
    }

    /** Returns the URI of an export on a unix socket, without TLS. */
    public static NbdUri unix(Path socket, String exportName) {
        return new NbdUri(new Unix(socket), false, exportName, Map.of());
    }

    /** Returns the URI of an export on a TCP port, without TLS. */
    public static NbdUri tcp(String host, int port, String exportName) {
        return new NbdUri(new Tcp(host, port), false, exportName, Map.of());
    }

    /**
     * Reads a URI.
     *
     * @throws IllegalArgumentException with what is wrong and an example, if it is none
     */
    public static NbdUri parse(String text) {
        if (SECRET.matcher(text).find()) {
            throw new IllegalArgumentException(
                    "an NBD URI holds a password, which would end up in logs; remove the part before '@'");
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw bad(text, e.getReason() + " at character " + (e.getIndex() + 1) + " (write a blank as %20)");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        boolean unix = scheme.endsWith("+unix");
        boolean tls = scheme.startsWith("nbds");
        if (!accepts(text)) {
            throw bad(text, "its scheme is none of nbd, nbds, nbd+unix, nbds+unix");
        }
        if (uri.getRawFragment() != null) {
            throw bad(text, "a '#' part has no meaning here (write %23 for a '#' in a name)");
        }
        if (uri.getRawUserInfo() != null) {
            throw bad(text, "a user name has no meaning here (clients show a certificate)");
        }
        Map<String, String> parameters = query(text, uri.getRawQuery());
        String socket = parameters.remove("socket");
        Address address = unix ? unixAddress(text, uri, socket) : tcpAddress(text, uri, socket);
        parameters.keySet().forEach(name -> checkKnown(text, name));
        return new NbdUri(address, tls, exportOf(uri), parameters);
    }

    /** Returns the same export without the parameter {@code name}. */
    public NbdUri without(String name) {
        Map<String, String> rest = new LinkedHashMap<>(parameters);
        rest.remove(name);
        return new NbdUri(address, tls, exportName, rest);
    }

    /** Returns the query parameter {@code name}. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** Returns the text that {@link #parse} reads back to an equal value. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(tls ? "nbds" : "nbd");
        StringBuilder query = new StringBuilder();
        if (address instanceof Unix unix) {
            text.append("+unix://");
            query.append("socket=").append(encode(unix.path().toString()).replace("%2F", "/"));
        } else if (address instanceof Tcp tcp) {
            text.append("://").append(tcp.host().contains(":") ? "[" + tcp.host() + "]" : tcp.host());
            text.append(tcp.port() == Handshake.DEFAULT_PORT ? "" : ":" + tcp.port());
        }
        text.append('/').append(encode(exportName).replace("%2F", "/"));
        parameters.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> query.append(query.isEmpty() ? "" : "&")
                        .append(encode(entry.getKey()))
                        .append('=')
                        .append(encode(entry.getValue()).replace("%2F", "/")));
        return query.isEmpty()
                ? text.toString()
                : text.append('?').append(query).toString();
    }

    /** A parameter that nobody reads would be a wish silently not granted: a mistyped bitmap, a full copy each night. */
    private static void checkKnown(String text, String name) {
        if (!PARAMETERS.contains(name)) {
            throw bad(
                    text,
                    "nobody knows its parameter '%s' (known: socket, %s)"
                            .formatted(name, String.join(", ", PARAMETERS)));
        }
    }

    private static Address unixAddress(String text, URI uri, @Nullable String socket) {
        if (socket == null || socket.isEmpty()) {
            throw bad(text, "a +unix URI names its socket, as in nbd+unix:///export?socket=/run/nbd.sock");
        }
        if (uri.getRawAuthority() != null) {
            throw bad(text, "a +unix URI has no host; write three slashes, nbd+unix:///export?socket=PATH");
        }
        return new Unix(Path.of(socket));
    }

    private static Address tcpAddress(String text, URI uri, @Nullable String socket) {
        if (socket != null) {
            throw bad(text, "a socket goes with nbd+unix:// or nbds+unix://");
        }
        String host = uri.getHost();
        if (host == null) {
            throw bad(text, "no host can be read from it");
        }
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new Tcp(host, uri.getPort() < 0 ? Handshake.DEFAULT_PORT : uri.getPort());
    }

    private static String exportOf(URI uri) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private static Map<String, String> query(String text, @Nullable String raw) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (raw == null || raw.isEmpty()) {
            return parameters;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw bad(text, "its query part '" + pair + "' is no name=value");
            }
            String name = decode(pair.substring(0, equals));
            if (parameters.put(name, decode(pair.substring(equals + 1))) != null) {
                throw bad(text, "'" + name + "' is given twice");
            }
        }
        return parameters;
    }

    /** A '+' stands for itself: NBD URIs are no web forms. */
    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static IllegalArgumentException bad(String text, String reason) {
        return new IllegalArgumentException(
                "'%s' is no NBD URI: %s. Examples: nbd://host:10809/export, nbd+unix:///export?socket=/run/nbd.sock"
                        .formatted(text, reason));
    }
}
