package io.migratekit.volume;

/**
 * Something that is not as the ledger has it.
 *
 * @param kind what differs
 * @param which the volume, export or operation
 * @param detail what the ledger says, what is really there, and what to do about it
 * @param owned whether it is ours, so that a repair may touch it
 * @param repaired whether this run has repaired it
 */
public record Difference(Kind kind, String which, String detail, boolean owned, boolean repaired) {

    /**
     * Returns whether something is wrong. A volume that the ledger does not know is a fact for a person to look at: nothing
     * that the ledger promises is broken by it, and the daemon is as well as it was.
     */
    public boolean fault() {
        return kind != Kind.VOLUME_UNKNOWN;
    }

    /** What can differ. */
    public enum Kind {
        /** In the ledger, and not at the back end. Repair: the volume is marked as in error. */
        VOLUME_MISSING,
        /**
         * In the ledger and at the back end, and without our tag there: somebody took the tag away, or the id is another
         * volume's by now. Repair: the volume is marked as in error; nothing is taken over from what is not ours. Also one
         * in error that is there again and was not made by the operation that made ours; that is not repaired.
         */
        VOLUME_NOT_OURS,
        /**
         * In error, and at its back end again as the ledger has it. Repair: it is in use again, by an operation that lets
         * replications know that it was away.
         */
        VOLUME_RETURNED,
        /**
         * At the back end with our tag, or left there untagged by a creation of ours, and not in the ledger. No fault, and
         * never removed; a person decides.
         */
        VOLUME_UNKNOWN,
        /** Another size than in the ledger. Repair: the ledger takes over a larger one; a smaller one is an error. */
        SIZE,
        /**
         * Attached elsewhere than in the ledger. Repair: the ledger takes over what is there; exports of a volume that this
         * appliance has no more are ended.
         */
        ATTACHMENT,
        /** In the ledger as served, and not served. Repair: served again under the same name. */
        EXPORT_MISSING,
        /** Served, and not in the ledger. Repair: ended. */
        EXPORT_UNKNOWN,
        /** A snapshot of a set that is not at the back end. Not repaired: the set is no restore point any more. */
        SNAPSHOT_MISSING
    }
}
