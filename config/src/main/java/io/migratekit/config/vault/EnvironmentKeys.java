package io.migratekit.config.vault;

import java.util.ArrayList;
import java.util.List;

/** Keys in the environment: one or, while they are rotated, several with commas between them, the newest first. */
record EnvironmentKeys(String text) implements KeyPlace {
    static final String VARIABLE = "MIGRATEKIT_VAULT_KEY";

    @Override
    public KeyRing read() {
        List<VaultKey> keys = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            keys.add(key(part.strip()));
        }
        return new KeyRing(keys);
    }

    private static VaultKey key(String part) {
        try {
            return VaultKey.ofBase64(part);
        } catch (IllegalArgumentException e) {
            throw new VaultException(
                    VaultException.Kind.BAD_KEYS,
                    "%s holds a key that is %s; a key is 32 bytes in Base64, as 'openssl rand -base64 32' prints"
                            .formatted(VARIABLE, e.getMessage()),
                    e);
        }
    }

    @Override
    public boolean writable() {
        return false;
    }

    @Override
    public void write(KeyRing keys) {
        throw new IllegalStateException("keys in the environment are a person's");
    }

    @Override
    public String name() {
        return VARIABLE;
    }

    @Override
    public String toString() {
        return "EnvironmentKeys[hidden]";
    }
}
