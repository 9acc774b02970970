package io.migratekit.source.vcenter.session;

import io.migratekit.source.SourceException;
import io.migratekit.source.vddk.Password;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passwords that a vCenter did not take lately: fifty jobs of one night must not try the same wrong one fifty times,
 * which locks the account. For any thread; keeps no password.
 */
final class RefusedLogIns {
    /** vCenter counts wrong passwords for some minutes, directories for half an hour as a rule. */
    private static final long KEPT_NANOS = Duration.ofMinutes(30).toNanos();

    private final byte[] salt = new byte[16];
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>(); // by account

    private record Refusal(String mark, String message, long atNanos) {}

    RefusedLogIns() {
        new SecureRandom().nextBytes(salt);
    }

    /**
     * Makes sure that a password was not refused a short while ago.
     *
     * @throws SourceException.Refused if it was
     */
    void check(VCenterAccount account, Password password) throws SourceException {
        Refusal refusal = refusals.get(key(account));
        if (refusal != null
                && refusal.mark().equals(mark(password))
                && System.nanoTime() - refusal.atNanos() < KEPT_NANOS) {
            throw new SourceException.Refused(
                    "%s (it was tried %d s ago; it is tried again after %d minutes, another password at once)"
                            .formatted(
                                    refusal.message(),
                                    Duration.ofNanos(System.nanoTime() - refusal.atNanos())
                                            .toSeconds(),
                                    Duration.ofNanos(KEPT_NANOS).toMinutes()));
        }
    }

    void remember(VCenterAccount account, Password password, String message) {
        refusals.put(key(account), new Refusal(mark(password), message, System.nanoTime()));
    }

    void forget(VCenterAccount account) {
        refusals.remove(key(account));
    }

    private static String key(VCenterAccount account) {
        return account.user() + " " + account.address();
    }

    private String mark(Password password) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return HexFormat.of().formatHex(digest.digest(password.reveal().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
