package io.migratekit.source.vcenter.session;

import io.migratekit.source.vddk.Password;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A vCenter and how to log in there.
 *
 * @param name what people call it
 * @param host name or address, without a port
 * @param port of its HTTPS, 443 as a rule
 * @param user as vCenter knows it, as in administrator@vsphere.local
 * @param secret asked at each log-in, so that a rotated password counts from the next one on
 * @param trust by what its certificate is recognised
 */
public record VCenterAccount(
        String name, String host, int port, String user, Supplier<Password> secret, VCenterTrust trust) {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

    public VCenterAccount {
        if (!HOST.matcher(host).matches()
                || host.chars().filter(letter -> letter == ':').count() == 1) {
            throw new IllegalArgumentException(
                    "host '%s' of vCenter '%s'; a name or address is needed, with the port apart"
                            .formatted(host, name));
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port %d of vCenter '%s'; 1 to 65535 is needed".formatted(port, name));
        }
        if (user.isBlank() || user.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "user '%s' of vCenter '%s'; a name as in administrator@vsphere.local is needed"
                            .formatted(user, name));
        }
    }

    /** Returns host and port as people write them. */
    public String address() {
        String plain = host.contains(":") ? "[" + host + "]" : host;
        return port == 443 ? plain : plain + ":" + port;
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "'%s' (%s at %s)".formatted(name, user, address());
    }
}
