package io.migratekit.volume.operation;

import io.migratekit.volume.Difference;
import io.migratekit.volume.Difference.Kind;
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
    private final VolumeComparison comparing;
    private final ExportRepairs exports;
    private final Leftovers leftovers;

    Reconciler(Workshop workshop, JournalWrites writes) {
        this.workshop = workshop;
        this.comparing = new VolumeComparison(workshop, writes);
        this.exports = new ExportRepairs(workshop, writes);
        this.leftovers = new Leftovers(workshop);
    }

    /** Keeps operations away from something while it is looked at and repaired. */
    interface Turns {
        /** Does the work once nobody else has these; returns false without doing it if an operation has or wants one. */
        boolean ifIdle(Set<String> alone, Runnable work);
    }

    /**
     * Compares all.
     *
     * @param reinstatement takes volumes that have come back into use again, where there is to be a repair; before
     *     exports are looked at, since nothing of a volume in error is served
     */
    List<Difference> reconcile(boolean repair, Turns turns, Reinstatement reinstatement) {
        List<Difference> volumes = volumes(repair, turns);
        List<Difference> found = new ArrayList<>(repair ? reinstatement.of(volumes) : volumes);
        exports.compare(repair, turns, found);
        return found;
    }

    private List<Difference> volumes(boolean repair, Turns turns) {
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
        comparing.compare(volume, Optional.ofNullable(there.get(volume.id())), false, found);
        return !found.isEmpty();
    }

    /** The lists may be older than the last operation on the volume; now none is under way. */
    private void lookAgain(VolumeId id, VolumeBackend backend, boolean repair, List<Difference> found) {
        Optional<Volume> volume = workshop.ledger().volumes().find(id);
        volume.ifPresent(now -> comparing.compare(now, intact(backend, id), repair, found));
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
}
