package io.migratekit.job.operation;

import io.migratekit.job.JobException;
import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.NewDisk;
import io.migratekit.job.ledger.Origin;
import io.migratekit.job.ledger.RestorePoint;
import io.migratekit.job.ledger.RestorePoints;
import io.migratekit.job.replication.TargetChange;
import io.migratekit.job.replication.TargetContents;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceMachines;
import io.migratekit.source.SourceRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;

/** Adds and shows machines. */
public final class MachineCatalog {
    private static final int NAME_CHARACTERS_MAX = 255;
    private static final int SOURCE_CHARACTERS_MAX = 2000;

    private final Machines machines;
    private final RestorePoints restorePoints;
    private final SourceMachines sources;
    private final FinishedCopies finishedCopies;
    private final TargetContents contents;

    MachineCatalog(
            Machines machines,
            RestorePoints restorePoints,
            SourceMachines sources,
            FinishedCopies finishedCopies,
            TargetContents contents) {
        this.machines = machines;
        this.restorePoints = restorePoints;
        this.sources = sources;
        this.finishedCopies = finishedCopies;
        this.contents = contents;
    }

    /**
     * A disk as a person named it.
     *
     * @param source an NBD URI, an image file or a lab disk
     * @param target an NBD URI, an image file or a volume; empty for a volume that the first replication makes
     */
    public record DiskPair(String source, Optional<String> target) {
        public DiskPair(String source, String target) {
            this(source, Optional.of(target));
        }
    }

    /**
     * Adds a machine. Its sources are opened once, so that a wrong one is noticed now; targets are not touched.
     *
     * @throws JobException.Refused if the name is taken or malformed, or a target is used twice or belongs elsewhere
     * @throws JobException.NoSuch if a source does not exist
     */
    public Machine add(String name, List<DiskPair> pairs) {
        checkName(name);
        List<NewDisk> disks = disks(pairs);
        checkSources(name, disks);
        return add(name, Optional.empty(), disks);
    }

    /**
     * Adds a machine of a vCenter. Neither its sources nor its targets are touched: whoever found it there, by the account
     * that is named, vouches for its disks.
     *
     * @param disks all of the machine's that are to be replicated, by their device keys
     * @throws JobException.Refused if the name is taken or malformed, or a target is used twice or belongs elsewhere
     */
    public Machine add(String name, Origin origin, List<NewDisk> disks) {
        checkName(name);
        List<NewDisk> checked = new ArrayList<>();
        disks.forEach(disk -> addApart(disk, checked));
        return add(name, Optional.of(origin), checked);
    }

    private Machine add(String name, Optional<Origin> origin, List<NewDisk> disks) {
        for (NewDisk disk : disks) {
            disk.target().ifPresent(target -> finishedCopies.free(target, "VM '" + name + "'"));
        }
        String contextId = "ctx-" + UUID.randomUUID();
        try {
            origin.ifPresentOrElse(
                    place -> machines.add(contextId, name, place, disks),
                    () -> machines.add(contextId, name, Machine.Kind.VM, disks));
        } catch (DuplicateKeyException e) {
            throw machines.named(name).isPresent()
                    ? nameTaken(name)
                    : JobException.Refused.unfit(
                            "a target of VM '%s' was taken at the same moment by another".formatted(name), e);
        }
        return machines.find(contextId).orElseThrow();
    }

    /** Returns all machines that people added, by name, with statuses as {@link #show} has them. */
    public List<Machine> list() {
        return machines.list(Machine.Kind.VM).stream().map(this::seen).toList();
    }

    /** Returns the names of all machines that people added. */
    public List<String> names() {
        return machines.list(Machine.Kind.VM).stream().map(Machine::name).toList();
    }

    /**
     * Returns a machine. It is ready only as long as its volumes hold what its last replication promised.
     *
     * @throws JobException.NoSuch if there is none of that name
     */
    public Machine show(String name) {
        return machines.named(name).map(this::seen).orElseThrow(() -> noSuch(name, names()));
    }

    /** Returns what happened to a machine's volumes since its last restore point, so that they do not hold it any more. */
    public List<TargetChange> targetChanges(Machine machine) {
        return contents.changesOf(machine);
    }

    private Machine seen(Machine machine) {
        boolean stale = machine.status().equals(Machine.READY)
                && !contents.changesOf(machine).isEmpty();
        return stale ? machine.withStatus(Machine.TARGETS_CHANGED) : machine;
    }

    /** Returns a machine's restore points, newest first. */
    public List<RestorePoint> restorePoints(Machine machine) {
        return restorePoints.of(machine.contextId());
    }

    static JobException.NoSuch noSuch(String name, List<String> names) {
        return new JobException.NoSuch("there is no VM '%s'%s"
                .formatted(
                        name,
                        names.isEmpty()
                                ? "; add one with 'vm add'"
                                : "; there are: " + String.join(", ", names.subList(0, Math.min(10, names.size())))));
    }

    private void checkName(String name) {
        boolean printable = name.codePoints().noneMatch(Character::isISOControl);
        if (name.isBlank() || name.length() > NAME_CHARACTERS_MAX || !printable || !name.equals(name.strip())) {
            throw JobException.Refused.usage(
                    "'%s' is no name for a VM; 1 to %d printable characters are needed, without blanks at its ends"
                            .formatted(name, NAME_CHARACTERS_MAX));
        }
        if (machines.named(name).isPresent()) {
            throw nameTaken(name);
        }
    }

    private static JobException.Refused nameTaken(String name) {
        return JobException.Refused.unfit(
                "VM '%s' exists already; show it with 'vm show', or remove it with 'vm remove' first".formatted(name));
    }

    private static List<NewDisk> disks(List<DiskPair> pairs) {
        if (pairs.isEmpty()) {
            throw JobException.Refused.usage("a VM needs at least one disk: --disk SOURCE or --disk SOURCE=TARGET");
        }
        List<NewDisk> disks = new ArrayList<>();
        for (DiskPair pair : pairs) {
            NewDisk disk = new NewDisk(
                    new DiskKey(Integer.toString(disks.size() + 1)),
                    source(pair.source()),
                    pair.target().map(TargetRef::parse));
            addApart(disk, disks);
        }
        return disks;
    }

    /** Adds a disk to others, if it shares nothing with them. */
    private static void addApart(NewDisk disk, List<NewDisk> others) {
        disk.target().ifPresent(target -> refuseSame(disk.source(), target));
        for (NewDisk earlier : others) {
            refuseShared(earlier, disk);
        }
        others.add(disk);
    }

    /** Reads a source; paths become absolute, since the job may run in another folder later. */
    static SourceRef source(String text) {
        if (text.length() > SOURCE_CHARACTERS_MAX) {
            throw JobException.Refused.usage("a source of %d characters; at most %d are allowed"
                    .formatted(text.length(), SOURCE_CHARACTERS_MAX));
        }
        return new SourceRef(
                SourceRef.isMachineDisk(text) ? text : TargetRef.parse(text).text());
    }

    static void refuseSame(SourceRef source, TargetRef target) {
        if (target.isAt(source.text())) {
            throw JobException.Refused.usage(
                    source.text().equals(target.text())
                            ? "source and target are the same: %s".formatted(target)
                            : "source %s and target %s are the same disk".formatted(source, target));
        }
    }

    private static void refuseShared(NewDisk one, NewDisk other) {
        if (one.source().text().equals(other.source().text())) {
            throw JobException.Refused.usage("source %s is named twice".formatted(one.source()));
        }
        one.target().ifPresent(target -> refuseCrossed(target, other));
        other.target().ifPresent(target -> refuseCrossed(target, one));
        if (one.target().isPresent() && other.target().isPresent()) {
            TargetRef first = one.target().get();
            TargetRef second = other.target().get();
            if (second.isAt(first.text())) {
                throw JobException.Refused.usage("two disks have the same target %s; each disk needs its own"
                        .formatted(first.equals(second) ? first : first + ", which is also " + second));
            }
        }
    }

    private static void refuseCrossed(TargetRef target, NewDisk other) {
        if (target.isAt(other.source().text())) {
            throw JobException.Refused.usage("disk %s is source of one disk and target of another".formatted(target));
        }
    }

    private void checkSources(String name, List<NewDisk> disks) {
        Map<DiskKey, SourceRef> references = new LinkedHashMap<>();
        disks.forEach(disk -> references.put(disk.key(), disk.source()));
        try (SourceMachine machine = sources.open(name, references)) {
            List<SourceDisk> found = machine.disks();
            if (found.size() < disks.size()) {
                throw new JobException.NoSuch("only %d of the %d disks of VM '%s' were found at their sources"
                        .formatted(found.size(), disks.size(), name));
            }
        } catch (IllegalArgumentException e) {
            throw JobException.Refused.usage(String.valueOf(e.getMessage()));
        } catch (SourceException.NotFound e) {
            throw new JobException.NoSuch(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw JobException.Refused.unfit(
                    "a source of VM '%s' cannot be opened: %s".formatted(name, e.getMessage()), e);
        }
    }
}
