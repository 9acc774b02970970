package io.migratekit.config.vault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys that are at hand, the newest first; possibly none.
 *
 * @param keys each once
 */
record KeyRing(List<VaultKey> keys) {
    static final KeyRing EMPTY = new KeyRing(List.of());

    KeyRing {
        keys = List.copyOf(keys);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Returns the newest key; there must be one. */
    VaultKey newest() {
        return keys.get(0);
    }

    Optional<VaultKey> find(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    KeyRing with(VaultKey newest) {
        List<VaultKey> all = new ArrayList<>(List.of(newest));
        all.addAll(keys);
        return new KeyRing(all);
    }

    /** Returns which keys these are, for messages. */
    String ids() {
        return keys.isEmpty()
                ? "no key"
                : "key " + String.join(", ", keys.stream().map(VaultKey::id).toList());
    }
}
