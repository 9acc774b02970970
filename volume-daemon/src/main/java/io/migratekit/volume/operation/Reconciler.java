package io.migratekit.volume.operation;

import io.migratekit.volume.Difference;
import io.migratekit.volume.Difference.Kind;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeExport.State;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.ledger.JournalWrites;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final VolumeComparison comparing;

    /** What was said of exports that cannot be served again: said once, though it is tried every few seconds. */
    private final Map<ExportName, String> troubles = new ConcurrentHashMap<>();

    Reconciler(Workshop workshop, JournalWrites writes) {
        this.workshop = workshop;
        this.writes = writes;
        this.comparing = new VolumeComparison(workshop, writes);
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
        missingExports(repair, turns, found);
        unknownExports(repair, turns, found);
        return found;
    }

    private List<Difference> volumes(boolean repair, Turns turns) {
        List<Difference> found = new ArrayList<>();
        List<Volume> ledger = workshop.ledger().volumes().all();
        for (VolumeBackend backend : workshop.backends().all()) {
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

    /**
     * Serves again what the ledger has as served; what cannot be is tried again next time.
     *
     * @return how many are served again
     */
    int restoreExports(Turns turns) {
        List<VolumeExport> active = workshop.ledger().exports().open().stream()
                .filter(export -> export.state() == State.ACTIVE)
                .toList();
        if (active.isEmpty()) {
            return 0;
        }
        Set<ExportName> served = workshop.engine().names();
        AtomicInteger again = new AtomicInteger();
        for (VolumeExport export : active) {
            if (!served.contains(export.name())) {
                turns.ifIdle(Set.of(Workshop.key(export.name().volume())), () -> {
                    if (missing(export.name()) && serveAgain(export)) {
                        again.incrementAndGet();
                    }
                });
            }
        }
        return again.get();
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

    /** Tells whether the ledger has an export as served and the engine has not. */
    private boolean missing(ExportName name) {
        return open(name).filter(export -> export.state() == State.ACTIVE).isPresent()
                && workshop.engine().uri(name).isEmpty();
    }

    private Optional<VolumeExport> open(ExportName name) {
        return workshop.ledger().exports().openOf(name.volume()).stream()
                .filter(export -> export.name().equals(name))
                .findFirst();
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
    }

    private void missingExports(boolean repair, Turns turns, List<Difference> found) {
        Set<ExportName> served = workshop.engine().names();
        for (VolumeExport export : workshop.ledger().exports().open()) {
            if (export.state() == State.ACTIVE && !served.contains(export.name())) {
                turns.ifIdle(Set.of(Workshop.key(export.name().volume())), () -> {
                    if (missing(export.name())) {
                        String detail = "the ledger has it as served at %s, and it is not"
                                .formatted(export.uri().orElse("?"));
                        boolean again = repair && serveAgain(export);
                        found.add(new Difference(
                                Kind.EXPORT_MISSING, export.name().toString(), detail, true, again));
                    }
                });
            }
        }
    }

    private void unknownExports(boolean repair, Turns turns, List<Difference> found) {
        Set<ExportName> served = workshop.engine().names();
        Set<ExportName> known = workshop.ledger().exports().open().stream()
                .map(VolumeExport::name)
                .collect(Collectors.toSet());
        for (ExportName name : served) {
            if (!known.contains(name)) {
                turns.ifIdle(Set.of(Workshop.key(name.volume())), () -> {
                    if (open(name).isEmpty() && workshop.engine().uri(name).isPresent()) {
                        boolean ended = repair && workshop.engine().remove(name);
                        String detail =
                                "it is served, and the ledger does not have it as served; its writer must be locked out";
                        found.add(new Difference(Kind.EXPORT_UNKNOWN, name.toString(), detail, true, ended));
                    }
                });
            }
        }
    }

    /** What a volume in error holds, or whose it is by now, nobody knows: no writer gets at it. */
    private boolean serveAgain(VolumeExport export) {
        try {
            VolumeId id = export.name().volume();
            workshop.refuseBroken(workshop.volume(id));
            Image image = workshop.backend(id).image(id);
            String uri = workshop.engine()
                    .add(export.name(), image, export.readOnly())
                    .toString();
            writes.run(() -> workshop.ledger()
                    .exports()
                    .active(export.name(), workshop.engine().name(), uri));
            LOG.info("export {} is served again", export.name());
            troubles.remove(export.name());
            return true;
        } catch (VolumeException e) {
            if (!e.getMessage().equals(troubles.put(export.name(), e.getMessage()))) {
                LOG.error("export {} cannot be served again: {}", export.name(), e.getMessage());
            }
            return false;
        }
    }
}
