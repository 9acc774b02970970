package io.migratekit.config.account;

import java.time.Instant;

/**
 * A cloud, and where in it volumes are made. Its keys are not part of it: {@link OsseaConfigs#keys} opens them.
 *
 * @param name never changes; volumes carry it in the ledger
 * @param endpoint never changes, since the keys are sealed together with it
 * @param place where in the cloud
 * @param trust how the cloud's certificate is checked
 * @param active whether new volumes are made there; at most one is
 * @param addedAt when it was added
 * @param changedAt when it, or one of its keys, was changed
 */
public record OsseaConfig(
        String name,
        OsseaEndpoint endpoint,
        OsseaPlace place,
        ServerTrust trust,
        boolean active,
        Instant addedAt,
        Instant changedAt) {

    public OsseaConfig {
        AccountName.checked(name);
        checkTrust(endpoint, trust);
    }

    /**
     * Sees to it that requests cannot be read on their way, unless a person said so.
     *
     * @throws IllegalArgumentException if they could
     */
    public static void checkTrust(OsseaEndpoint endpoint, ServerTrust trust) {
        if (endpoint.plain() && !trust.insecure()) {
            throw new IllegalArgumentException(
                    "%s is without TLS, so that signed requests and all answers can be read and changed on their way; give its https URL, or say --insecure in a laboratory"
                            .formatted(endpoint));
        }
    }
}
