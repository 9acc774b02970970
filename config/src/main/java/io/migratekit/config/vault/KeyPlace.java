package io.migratekit.config.vault;

import java.io.IOException;

/** Where the vault's keys are kept: anywhere but in the database. The vault calls it under a lock in the database. */
interface KeyPlace {

    /**
     * Reads the keys.
     *
     * @return without any if there is no such place yet
     * @throws VaultException of kind BAD_KEYS if others may read them, or they are no keys
     * @throws IOException with a message that says what was wrong
     */
    KeyRing read() throws IOException;

    /** Tells whether the vault may make and drop keys here; otherwise only a person does. */
    boolean writable();

    /**
     * Keeps these keys, and no others, from now on. After a crash either the old or the new ones are there.
     *
     * @throws IOException with a message that says what was wrong
     */
    void write(KeyRing keys) throws IOException;

    /** Returns where that is, for messages. */
    String name();
}
