package io.migratekit.source.vddk;

import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A vCenter (or ESXi host) and how to log in there.
 *
 * @param host name or address, without a port
 * @param port of its HTTPS, 443 as a rule
 * @param user as vCenter knows it, as in administrator@vsphere.local
 * @param secret asked at each start of nbdkit, so that a rotated password counts from the next one on
 * @param thumbprint SHA-1 of its certificate as 20 pairs of hexadecimal digits with colons (32 for SHA-256)
 */
public record VddkServer(String host, int port, String user, Supplier<Password> secret, String thumbprint) {
    static final int HTTPS = 443;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");
    private static final Pattern THUMBPRINT =
            Pattern.compile("[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){19}(:[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){11})?");

    public VddkServer {
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "vCenter host '%s'; a name or address without a port is needed".formatted(host));
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port %d of vCenter %s; 1 to 65535 is needed".formatted(port, host));
        }
        if (user.isBlank() || user.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "user '%s' of vCenter %s; a name as in administrator@vsphere.local is needed"
                            .formatted(user, host));
        }
        if (!THUMBPRINT.matcher(thumbprint).matches()) {
            throw new IllegalArgumentException(
                    "thumbprint '%s' of vCenter %s; 20 pairs of hexadecimal digits with colons are needed (openssl x509 -fingerprint -sha1)"
                            .formatted(thumbprint, host));
        }
    }

    /** Makes one with a password that stays. */
    public VddkServer(String host, int port, String user, Password password, String thumbprint) {
        this(host, port, user, () -> password, thumbprint);
    }

    /** Makes one with a password that stays, at the usual port. */
    public VddkServer(String host, String user, Password password, String thumbprint) {
        this(host, HTTPS, user, password, thumbprint);
    }
}
