package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Difference.Kind;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.ledger.JournalWrites;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the ledger with back ends and export engine. A repair changes the ledger, or serves and ends exports; it never
 * deletes a volume and never touches what is not ours. Volumes with operations under way are left out: they are about to
 * change.
 */
final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final Workshop workshop;
    private final JournalWrites writes;
    private final ExportRepairs exports;
    private final Leftovers leftovers;

    Reconciler(Workshop workshop, JournalWrites writes) {
        this.workshop = workshop;
        this.writes = writes;
        this.exports = new ExportRepairs(workshop, writes);
        this.leftovers = new Leftovers(workshop);
    }

    /** Keeps operations away from something while it is looked at and repaired. */
    interface Turns {
        /** Does the work while nobody else has these; returns false without doing it if somebody has. */
        boolean ifIdle(Set<String> alone, Runnable work);
    }

    List<Difference> reconcile(boolean repair, Turns turns) {
        List<Difference> found = new ArrayList<>();
        List<Volume> ledger = workshop.ledger().volumes().all();
        List<Mark> left = left();
        for (VolumeBackend backend : workshop.backends().all()) {
            left.forEach(mark -> look(backend, mark));
            Map<VolumeId, BackendVolume> there = new LinkedHashMap<>();
            backend.owned().forEach(volume -> there.put(volume.id(), volume));
            for (Volume volume : ledger) {
                if (volume.backend().equals(backend.name()) && differs(volume, there)) {
                    Set<String> alone = Set.of(Workshop.key(volume.id()));
                    turns.ifIdle(alone, () -> lookAgain(volume.id(), backend, repair, found));
                }
            }
            strangers(backend, there, ledger, found);
        }
        exports.compare(repair, turns, found);
        return found;
    }

    /** What was cut before it got our tag gets it by being looked at, and then it is among those that are ours. */
    private static void look(VolumeBackend backend, Mark mark) {
        try {
            Optional<BackendVolume> made = backend.created(mark);
            made.ifPresent(volume -> LOG.warn("volume {} is left of a creation that failed", volume.id()));
        } catch (VolumeException e) {
            if (e.kind() == VolumeException.Kind.UNAVAILABLE) {
                throw e;
            }
            LOG.error("what a creation that failed has left cannot be looked at: {}", e.getMessage());
        }
    }

    /** Returns the marks of creations that failed and could not be taken back: the cloud may have made something. */
    private List<Mark> left() {
        return workshop.ledger().steps().left(Set.of("create", "clone")).stream()
                .map(place -> CreateVolume.mark(place.operation(), place.seq()))
                .toList();
    }

    /** Serves again what the ledger has as served, as {@link ExportRepairs#restore} has it. */
    int restoreExports(Turns turns) {
        return exports.restore(turns);
    }

    private boolean differs(Volume volume, Map<VolumeId, BackendVolume> there) {
        List<Difference> found = new ArrayList<>();
        compare(volume, Optional.ofNullable(there.get(volume.id())), false, found);
        return !found.isEmpty();
    }

    /** The lists may be older than the last operation on the volume; now none is under way. */
    private void lookAgain(VolumeId id, VolumeBackend backend, boolean repair, List<Difference> found) {
        Optional<Volume> volume = workshop.ledger().volumes().find(id);
        volume.ifPresent(now -> compare(now, intact(backend, id), repair, found));
    }

    /** A volume that is too damaged to be described is missing as a volume. */
    private static Optional<BackendVolume> intact(VolumeBackend backend, VolumeId id) {
        try {
            return backend.find(id);
        } catch (VolumeException e) {
            if (e.kind() == VolumeException.Kind.UNAVAILABLE) {
                throw e;
            }
            LOG.error("volume {} cannot be looked at: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    private void compare(Volume volume, Optional<BackendVolume> there, boolean repair, List<Difference> found) {
        if (there.isEmpty()) {
            String detail =
                    "volume '%s' is not at back end %s any more; if it is gone for good, 'volume delete' forgets it"
                            .formatted(volume.name(), volume.backend());
            found.add(difference(Kind.VOLUME_MISSING, volume.id(), detail, repair));
            repair(repair, () -> workshop.ledger().volumes().broken(volume.id(), "its back end has it no more"));
            return;
        }
        if (!there.get().owned()) {
            notOurs(volume, repair, found);
            return;
        }
        size(volume, there.get(), repair, found);
        attachment(volume, there.get(), repair, found);
        for (SnapshotSet set : workshop.ledger().snapshots().with(volume.id())) {
            if (set.state() == SnapshotSet.State.READY
                    && !there.get().snapshots().contains(set.id())) {
                String detail = "snapshot set %s lacks its snapshot of volume '%s'; nothing can be put back to it"
                        .formatted(set.id(), volume.name());
                found.add(difference(Kind.SNAPSHOT_MISSING, volume.id(), detail, false));
            }
        }
    }

    /** What is not ours says nothing about our volume: neither its size nor its attachment is taken over. */
    private void notOurs(Volume volume, boolean repair, List<Difference> found) {
        String detail =
                "volume '%s' is at back end %s, but does not carry our tag there any more; look what it holds, and if it is this volume, put the tag back by hand"
                        .formatted(volume.name(), volume.backend());
        found.add(new Difference(Kind.VOLUME_NOT_OURS, volume.id().text(), detail, false, repair));
        repair(repair, () -> workshop.ledger().volumes().broken(volume.id(), "it carries our tag no more"));
    }

    private void size(Volume volume, BackendVolume there, boolean repair, List<Difference> found) {
        if (there.sizeBytes() == volume.sizeBytes()) {
            return;
        }
        String detail = "volume '%s' has %d bytes in the ledger and %d at its back end"
                .formatted(volume.name(), volume.sizeBytes(), there.sizeBytes());
        found.add(difference(Kind.SIZE, volume.id(), detail, repair));
        repair(repair, () -> {
            if (there.sizeBytes() > volume.sizeBytes()) {
                workshop.ledger().volumes().resized(volume.id(), there.sizeBytes());
            } else {
                workshop.ledger().volumes().broken(volume.id(), "it has shrunk: " + detail);
            }
        });
    }

    private void attachment(Volume volume, BackendVolume there, boolean repair, List<Difference> found) {
        if (there.attachment().equals(volume.attachment())) {
            return;
        }
        String detail = "volume '%s' is %s in the ledger and %s at its back end"
                .formatted(volume.name(), at(volume.attachment()), at(there.attachment()));
        found.add(difference(Kind.ATTACHMENT, volume.id(), detail, repair));
        repair(
                repair,
                () -> there.attachment()
                        .ifPresentOrElse(
                                now -> workshop.ledger().volumes().attached(volume.id(), now),
                                () -> workshop.ledger().volumes().detached(volume.id())));
    }

    private void strangers(
            VolumeBackend backend, Map<VolumeId, BackendVolume> there, List<Volume> ledger, List<Difference> found) {
        Set<VolumeId> known = ledger.stream().map(Volume::id).collect(Collectors.toSet());
        there.values().stream()
                .filter(volume -> !known.contains(volume.id()))
                .map(volume -> new Difference(
                        Kind.VOLUME_UNKNOWN,
                        volume.id().text(),
                        "volume '%s' of %d bytes at back end %s carries our tag, and the ledger does not know it; look what it holds and delete it there by hand"
                                .formatted(volume.name(), volume.sizeBytes(), backend.name()),
                        true,
                        false))
                .forEach(found::add);
        found.addAll(leftovers.at(backend, known));
    }

    private void repair(boolean repair, Runnable change) {
        if (repair) {
            writes.run(change);
        }
    }

    private static Difference difference(Kind kind, VolumeId which, String detail, boolean repaired) {
        return new Difference(kind, which.text(), detail, true, repaired);
    }

    private static String at(Optional<Attachment> attachment) {
        return attachment
                .map(at -> "attached to VM %s%s"
                        .formatted(
                                at.vmId(),
                                at.devicePath().map(path -> " as " + path).orElse("")))
                .orElse("attached nowhere");
    }
}
