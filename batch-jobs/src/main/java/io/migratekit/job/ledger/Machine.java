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
 * @param status replicating, or what its targets are good for: {@link #DISCOVERED}, {@link #READY}, {@link #FAILED} or
 *     {@link #INTERRUPTED}; where its targets were looked at, also {@link #TARGETS_CHANGED}
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

    /** It has no restore point, and nothing was written for one. */
    public static final String DISCOVERED = "discovered";

    /** It has a restore point, and nothing has been written to its targets since. */
    public static final String READY = "ready_for_failover";

    /** Its last replication failed: there is no restore point yet, or the targets have left the last one. */
    public static final String FAILED = "failed";

    /** Its last replication was stopped, or its process died, after it had begun to write to the targets. */
    public static final String INTERRUPTED = "interrupted";

    /** Its last replication completed, and its targets do not hold what that promised any more. */
    public static final String TARGETS_CHANGED = "targets_changed";

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

    /** Returns the same machine with another status. */
    public Machine withStatus(String seen) {
        return new Machine(contextId, name, kind, seen, currentJobId, lastSuccessfulJobId, createdAt, disks);
    }

    /** Returns what messages call it. */
    public String title() {
        return kind == Kind.VM ? "VM '" + name + "'" : "copy " + name;
    }
}
