package io.migratekit.config.vault;

import io.migratekit.config.vault.VaultException.Kind;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Seals and opens the secrets that the database holds. At any moment all of them are sealed under one key, which the
 * database names and does not hold; whoever seals locks that name, so that no secret is left behind by a rotation in
 * another process. Safe for many threads and processes.
 */
public final class Vault {
    private final SealedRows rows;
    private final TransactionTemplate transaction;
    private final KeyPlace place;
    private final SecureRandom random;

    Vault(JdbcClient sql, TransactionTemplate transaction, KeyPlace place, Clock clock, SecureRandom random) {
        this.rows = new SealedRows(sql, clock);
        this.transaction = transaction;
        this.place = place;
        this.random = random;
    }

    /** Seals under the key that is in force. */
    @FunctionalInterface
    public interface Sealer {
        /**
         * Returns {@code secret} readable by this vault alone, and for {@code owner} alone: what is copied to another row
         * cannot be opened there. Sealing the same twice gives different bytes.
         */
        SealedSecret seal(SecretOwner owner, Secret secret);
    }

    /**
     * Runs {@code work} in a transaction in which secrets can be sealed and stored. The very first one makes the key.
     *
     * @throws VaultException if the key is missing although there are secrets, or cannot be used; nothing is stored then
     */
    public <T> T sealing(Function<Sealer, T> work) {
        return transaction.execute(status -> {
            VaultKey key = keyInForce();
            return work.apply((owner, secret) -> key.seal(owner, secret, random));
        });
    }

    /**
     * Opens a secret.
     *
     * @param owner the row that {@code sealed} was just read from
     * @throws VaultException if the key is missing, or the secret was changed or moved
     */
    public Secret open(SecretOwner owner, String sealed) {
        return open(read(), owner, SealedRows.parse(owner, sealed));
    }

    /**
     * Makes a new key (in the environment: takes the first), seals everything under it in one transaction, and then drops
     * the older ones. Killed at any point it leaves every secret readable, and is simply run again.
     *
     * @throws VaultException if the key in force is missing, nothing was sealed yet, or a secret does not open
     */
    public Rotation rotate() {
        Rotation rotated = transaction.execute(status -> {
            String current = rows.lock();
            KeyRing keys = read();
            if (rows.isEmpty()) {
                throw new VaultException(Kind.REFUSED, "the vault holds no secret yet, so there is no key to rotate");
            }
            requireKey(keys, current);
            VaultKey next = next(keys, current);
            int count = rows.replaceAll((owner, old) -> next.seal(owner, open(keys, owner, old), random));
            rows.sealedUnder(next);
            return new Rotation(next.id(), count, 0);
        });
        return place.writable() ? new Rotation(rotated.keyId(), rotated.secrets(), dropOthers(rotated)) : rotated;
    }

    /** Returns which secrets there are, without opening them. No key is needed. */
    public List<SealedState> contents() {
        return rows.all((owner, text) -> state(owner, text, Optional.empty()));
    }

    /**
     * Tries to open every secret, and forgets what it read.
     *
     * @throws VaultException if there are keys, but they cannot be used
     */
    public List<SealedState> inspect() {
        KeyRing keys = read();
        return rows.all((owner, text) -> state(owner, text, problem(keys, owner, text)));
    }

    private Optional<String> problem(KeyRing keys, SecretOwner owner, String sealed) {
        try {
            open(keys, owner, SealedRows.parse(owner, sealed));
            return Optional.empty();
        } catch (VaultException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static SealedState state(SecretOwner owner, String sealed, Optional<String> problem) {
        try {
            return new SealedState(owner, new SealedSecret(sealed).keyId(), problem);
        } catch (IllegalArgumentException e) {
            return new SealedState(owner, "", Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private VaultKey keyInForce() {
        String current = rows.lock();
        KeyRing keys = read();
        return keys.find(current).orElseGet(() -> {
            if (!rows.isEmpty()) {
                throw noKey(keys, current);
            }
            VaultKey first = keys.isEmpty() ? made(KeyRing.EMPTY) : keys.newest();
            rows.sealedUnder(first);
            return first;
        });
    }

    /** A key that an interrupted rotation has left is taken before another is made. */
    private VaultKey next(KeyRing keys, String current) {
        if (!keys.newest().id().equals(current)) {
            return keys.newest();
        }
        if (!place.writable()) {
            throw new VaultException(
                    Kind.REFUSED,
                    "%s begins with the key in force; put a new one in front of it, with a comma between them, and rotate again"
                            .formatted(place.name()));
        }
        return made(keys);
    }

    private VaultKey made(KeyRing older) {
        VaultKey key = VaultKey.random(random);
        write(older.with(key));
        return key;
    }

    /** Under the lock again: only the key in force is kept, whatever other processes have done meanwhile. */
    private int dropOthers(Rotation rotated) {
        return transaction.execute(status -> {
            String current = rows.lock();
            KeyRing keys = read();
            VaultKey kept = keys.find(current).orElseThrow(() -> noKey(keys, current));
            if (!current.equals(rotated.keyId())) {
                return 0; // another rotation has followed and drops them itself
            }
            write(KeyRing.EMPTY.with(kept));
            return keys.keys().size() - 1;
        });
    }

    private Secret open(KeyRing keys, SecretOwner owner, SealedSecret sealed) {
        return keys.find(sealed.keyId())
                .orElseThrow(() -> new VaultException(
                        Kind.NO_KEY, "%s is sealed under key %s; %s".formatted(owner, sealed.keyId(), whatNext(keys))))
                .open(owner, sealed);
    }

    private void requireKey(KeyRing keys, String current) {
        if (keys.find(current).isEmpty()) {
            throw noKey(keys, current);
        }
    }

    private VaultException noKey(KeyRing keys, String current) {
        return new VaultException(
                Kind.NO_KEY,
                "the secrets in the database are sealed under key %s; %s"
                        .formatted(current.isEmpty() ? "(unknown)" : current, whatNext(keys)));
    }

    private String whatNext(KeyRing keys) {
        return "%s holds %s. Put the right key back from its copy; if there is none, remove the credentials and OSSEA configurations, and add them again"
                .formatted(place.name(), keys.ids());
    }

    private KeyRing read() {
        try {
            return place.read();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void write(KeyRing keys) {
        try {
            place.write(keys);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static VaultException unusable(IOException e) {
        return new VaultException(Kind.BAD_KEYS, String.valueOf(e.getMessage()), e);
    }
}
