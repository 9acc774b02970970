package io.migratekit.job.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A machine that is replicated: a row of {@code vm_replication_contexts} with its disks.
 *
 * @param contextId identity in our database
 * @param name what people call it
 * @param kind whether a person added it, or it stands for the pair of a one-off copy
 * @param status discovered, replicating, ready_for_failover or failed
 * @param currentJobId the job at work, or last at work
 * @param lastSuccessfulJobId the job that made the last restore point
 * @param createdAt when it was added
 * @param disks in the order they were added
 */
public record Machine(
        String contextId,
        String name,
        Kind kind,
        String status,
        Optional<String> currentJobId,
        Optional<String> lastSuccessfulJobId,
        Instant createdAt,
        List<MachineDisk> disks) {

    /** Where a machine came from. */
    public enum Kind {
        /** A person added it. */
        VM,
        /** The pair of a one-off copy. */
        COPY;

        /** Returns the word that is stored. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Machine {
        disks = List.copyOf(disks);
    }

    /** Returns what messages call it. */
    public String title() {
        return kind == Kind.VM ? "VM '" + name + "'" : "copy " + name;
    }
}
