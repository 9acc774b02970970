package io.migratekit.job.operation;

import io.migratekit.job.JobException;
import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
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
        Machine machine = known(from, to);
        return replications.start(machine, options.withMode(Mode.FULL), true, lease -> bind(lease, from, to));
    }

    /** Returns the pair's machine, bound to its target or not: until its lease is held, another process may free it. */
    private Machine known(SourceRef from, TargetRef to) {
        String contextId = contextId(from, to);
        return machines.find(contextId).orElseGet(() -> {
            try {
                machines.add(
                        contextId,
                        name(from, to, contextId),
                        Machine.Kind.COPY,
                        List.of(new NewDisk(new DiskKey("1"), from, Optional.empty())));
            } catch (DuplicateKeyException e) {
                // another process adds the same pair at this moment; whoever gets the lease goes on
            }
            return machines.find(contextId).orElseThrow();
        });
    }

    /** Binds the target to the pair, whose lease is held; nobody else can bind it, or free it, meanwhile. */
    private void bind(Lease lease, SourceRef from, TargetRef to) {
        MachineDisk disk =
                machines.find(lease.contextId()).orElseThrow().disks().get(0);
        if (disk.target().isPresent()) {
            return;
        }
        finishedCopies.free(to, "a copy of " + from);
        try {
            machines.bindTarget(lease, disk.id(), Optional.of(to));
        } catch (DuplicateKeyException e) {
            throw JobException.Refused.unfit(
                    "target %s was taken by another copy at this moment; try again".formatted(to), e);
        }
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
