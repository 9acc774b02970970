package io.migratekit.source.vcenter.session;

import io.migratekit.source.SourceException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One session for each account, which all who ask for one use at once. It is kept for a while when nobody does, so that
 * a row of requests is not a row of log-ins, of which a vCenter records and limits each. An account that was changed,
 * its password too, gets another session; the earlier one ends with its last user.
 */
final class SharedSessions {
    /** A vCenter ends sessions that idle for half an hour. */
    private static final long IDLE_MAX_NANOS = Duration.ofMinutes(5).toNanos();

    /** Opens a session that nobody shares yet. */
    interface Opening {
        VCenterSession open(VCenterAccount account) throws SourceException;
    }

    private final Opening opening;
    private final byte[] salt = new byte[16];
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();

    SharedSessions(Opening opening) {
        this.opening = opening;
        new SecureRandom().nextBytes(salt);
    }

    /** Where the session of one account is. Its lock is held over a log-in, as all who wait for it want that session. */
    private static final class Slot {
        private @Nullable Shared current; // guarded by this
    }

    /** A session and who uses it; guarded by its slot. */
    private static final class Shared {
        private final VCenterSession session;
        private final String mark;
        private int users;
        private boolean retired;
        private long idleSinceNanos;

        private Shared(VCenterSession session, String mark) {
            this.session = session;
            this.mark = mark;
        }
    }

    /** Returns the account's session; closing it gives it back. */
    VCenterSession take(VCenterAccount account) throws SourceException {
        String mark = mark(account);
        Slot slot = slots.computeIfAbsent(account.name(), name -> new Slot());
        Optional<VCenterSession> ended = Optional.empty();
        try {
            synchronized (slot) {
                Shared shared = slot.current;
                if (shared == null || !shared.mark.equals(mark) || shared.session.refused()) {
                    ended = retire(slot);
                    Shared made = new Shared(opening.open(account), mark);
                    made.session.sharedBy(() -> giveBack(slot, made));
                    slot.current = made;
                    shared = made;
                }
                shared.users++;
                return shared.session;
            }
        } finally {
            ended.ifPresent(VCenterSession::end);
        }
    }

    private static void giveBack(Slot slot, Shared shared) {
        boolean last;
        synchronized (slot) {
            shared.users--;
            shared.idleSinceNanos = System.nanoTime();
            last = shared.retired && shared.users == 0;
        }
        if (last) {
            shared.session.end();
        }
    }

    /** Hands the slot's session to nobody any more; its lock is held. Returns the session if it has to be ended now. */
    private static Optional<VCenterSession> retire(Slot slot) {
        Shared shared = slot.current;
        slot.current = null;
        if (shared == null) {
            return Optional.empty();
        }
        shared.retired = true;
        return Optional.of(shared.session).filter(session -> shared.users == 0);
    }

    /** Ends what nobody has used for a while. */
    void endIdle() {
        endWhere(shared -> shared.users == 0 && System.nanoTime() - shared.idleSinceNanos > IDLE_MAX_NANOS);
    }

    /** Ends all; those in use with their last users. */
    void endAll() {
        endWhere(shared -> true);
    }

    private void endWhere(Predicate<Shared> condition) {
        for (Slot slot : slots.values()) {
            Optional<VCenterSession> ended;
            synchronized (slot) {
                Shared shared = slot.current;
                ended = shared != null && condition.test(shared) ? retire(slot) : Optional.empty();
            }
            ended.ifPresent(VCenterSession::end);
        }
    }

    /** Tells two states of an account apart, without keeping its password. */
    private String mark(VCenterAccount account) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            digest.update(account.secret().get().reveal().getBytes(StandardCharsets.UTF_8));
            return "%s %s %s %s"
                    .formatted(
                            account.address(),
                            account.user(),
                            account.trust(),
                            HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
