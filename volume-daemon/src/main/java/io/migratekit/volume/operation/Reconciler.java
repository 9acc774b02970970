package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Difference.Kind;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.SnapshotSet;
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

    /** What was said of exports that cannot be served again: said once, though it is tried every few seconds. */
    private final Map<ExportName, String> troubles = new ConcurrentHashMap<>();

    private final RestoreOrder order;

    Reconciler(Workshop workshop, JournalWrites writes) {
        this.workshop = workshop;
        this.writes = writes;
        this.order = new RestoreOrder(workshop.ledger().volumes());
    }

    /** Keeps operations away from something while it is looked at and repaired. */
    interface Turns {
        /** Does the work while nobody else has these; returns false without doing it if somebody has. */
        boolean ifIdle(Set<String> alone, Runnable work);
    }

    List<Difference> reconcile(boolean repair, Turns turns) {
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
        missingExports(repair, turns, found);
        unknownExports(repair, turns, found);
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
        List<VolumeExport> lost = active.stream()
                .filter(export -> !served.contains(export.name()))
                .toList();
        if (lost.isEmpty()) {
            return 0;
        }
        AtomicInteger again = new AtomicInteger();
        RestoreOrder.Round round = order.begin();
        for (VolumeExport export : round.ordered(lost, one -> troubles.containsKey(one.name()))) {
            turns.ifIdle(Set.of(Workshop.key(export.name().volume())), () -> {
                if (round.attempt(export, () -> missing(export.name()) && serveAgain(export))) {
                    again.incrementAndGet();
                }
            });
        }
        round.end();
        return again.get();
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

    private boolean serveAgain(VolumeExport export) {
        try {
            VolumeId id = export.name().volume();
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
