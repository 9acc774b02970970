package io.migratekit.source.vddk;

import io.migratekit.source.SourceException;
import org.jspecify.annotations.Nullable;

/**
 * The password of one disk's log-ins, asked for at each start of nbdkit. One that was refused is not used again until
 * there is another: each reader and each new connection would try it, and lock the account for everybody.
 */
final class LogInSecret {
    private final VddkServer server;
    private final VddkDisk disk;
    private final SecretMask mask;
    private @Nullable Password used; // guarded by this
    private @Nullable Password refused; // guarded by this

    LogInSecret(VddkServer server, VddkDisk disk, SecretMask mask) {
        this.server = server;
        this.disk = disk;
        this.mask = mask;
    }

    /**
     * Returns the password as it is now.
     *
     * @throws SourceException.Refused if it is the one that was refused
     */
    synchronized Password next() throws SourceException {
        Password now = server.secret().get();
        if (isRefused(now)) {
            throw refusal();
        }
        mask.learn(now);
        used = now;
        return now;
    }

    /** Notes that the password that was used last is not taken. */
    synchronized void refuse() {
        refused = used;
    }

    /**
     * Makes sure that a log-in may be tried.
     *
     * @throws SourceException.Refused if there is no other password than the one that was refused
     */
    synchronized void check() throws SourceException {
        if (isRefused(server.secret().get())) {
            throw refusal();
        }
    }

    private boolean isRefused(Password now) {
        return refused != null && refused.reveal().equals(now.reveal());
    }

    private SourceException refusal() {
        return new SourceException.Refused(
                "disk %s cannot be read through %s: user or password is wrong, or the user %s is locked. The password is not tried again by itself; enter the right one with 'vcenter password', then restart the job"
                        .formatted(disk, server.host(), server.user()));
    }
}
