package io.migratekit.job.operation;

import io.migratekit.job.JobException;
import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.NewDisk;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;

/**
 * Copies one disk once. The pair of source and target is its identity: the same pair again goes on with an unfinished
 * copy, and after a finished one copies everything anew.
 */
public final class OneOffCopies {
    private static final int NAME_CHARACTERS_MAX = 255;

    private final Machines machines;
    private final FinishedCopies finishedCopies;
    private final Replications replications;

    OneOffCopies(Machines machines, FinishedCopies finishedCopies, Replications replications) {
        this.machines = machines;
        this.finishedCopies = finishedCopies;
        this.replications = replications;
    }

    /**
     * Starts, or goes on with, the copy of a pair in this process.
     *
     * @param options its mode does not matter: a one-off copy is full
     * @throws JobException.Refused if a reference is malformed, or the target belongs to a VM
     * @throws JobException.Busy if the pair, or the target, is being copied already
     */
    public JobHandle<ReplicationResult, ReplicationProgress> start(String source, String target, StartOptions options) {
        SourceRef from = MachineCatalog.source(source);
        TargetRef to = TargetRef.parse(target);
        MachineCatalog.refuseSame(from, to);
        Machine machine = bound(from, to);
        return replications.start(machine, options.withMode(Mode.FULL), true);
    }

    /** Returns the pair's machine, with the target bound to it. */
    private Machine bound(SourceRef from, TargetRef to) {
        String contextId = contextId(from, to);
        Optional<Machine> known = machines.find(contextId);
        if (known.isPresent() && known.get().disks().get(0).target().isPresent()) {
            return known.get();
        }
        finishedCopies.free(to, "a copy of " + from);
        try {
            if (known.isPresent()) {
                machines.bindTarget(known.get().disks().get(0).id(), Optional.of(to));
            } else {
                machines.add(
                        contextId,
                        name(from, to, contextId),
                        Machine.Kind.COPY,
                        List.of(new NewDisk(new DiskKey("1"), from, Optional.of(to))));
            }
        } catch (DuplicateKeyException e) {
            // Another process does the same at this moment; whoever gets the lease goes on.
            return machines.find(contextId)
                    .filter(machine -> machine.disks().get(0).target().isPresent())
                    .orElseThrow(() -> JobException.Refused.unfit(
                            "target %s was taken by another copy at this moment; try again".formatted(to), e));
        }
        return machines.find(contextId).orElseThrow();
    }

    private static String name(SourceRef from, TargetRef to, String contextId) {
        String name = from + " to " + to;
        return name.length() <= NAME_CHARACTERS_MAX ? name : contextId;
    }

    private static String contextId(SourceRef from, TargetRef to) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(from.text().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(to.text().getBytes(StandardCharsets.UTF_8));
            return "copy-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
