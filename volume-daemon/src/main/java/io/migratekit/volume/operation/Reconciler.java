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
import java.util.function.Predicate;
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

    Reconciler(Workshop workshop, JournalWrites writes) {
        this.workshop = workshop;
        this.writes = writes;
    }

    List<Difference> reconcile(boolean repair, Predicate<Set<String>> idle) {
        List<Difference> found = new ArrayList<>();
        List<Volume> ledger = workshop.ledger().volumes().all();
        for (VolumeBackend backend : workshop.backends().all()) {
            Map<VolumeId, BackendVolume> there = new LinkedHashMap<>();
            backend.owned().forEach(volume -> there.put(volume.id(), volume));
            for (Volume volume : ledger) {
                if (volume.backend().equals(backend.name()) && idle.test(Set.of(Workshop.key(volume.id())))) {
                    compare(volume, Optional.ofNullable(there.get(volume.id())), repair, found);
                }
            }
            strangers(backend, there, ledger, found);
        }
        exports(repair, idle, found);
        return found;
    }

    /** Serves again what the ledger has as served; what cannot be is left to a person and to {@link #reconcile}. */
    void restoreExports() {
        Set<ExportName> served = workshop.engine().names();
        for (VolumeExport export : workshop.ledger().exports().open()) {
            if (export.state() == State.ACTIVE && !served.contains(export.name())) {
                serveAgain(export);
            }
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

    private void exports(boolean repair, Predicate<Set<String>> idle, List<Difference> found) {
        Set<ExportName> served = workshop.engine().names();
        List<VolumeExport> open = workshop.ledger().exports().open();
        for (VolumeExport export : open) {
            VolumeId volume = export.name().volume();
            if (export.state() == State.ACTIVE
                    && !served.contains(export.name())
                    && idle.test(Set.of(Workshop.key(volume)))) {
                boolean again = repair && serveAgain(export);
                String detail = "the ledger has it as served at %s, and it is not"
                        .formatted(export.uri().orElse("?"));
                found.add(new Difference(Kind.EXPORT_MISSING, export.name().toString(), detail, true, again));
            }
        }
        Set<ExportName> known = open.stream().map(VolumeExport::name).collect(Collectors.toSet());
        for (ExportName name : served) {
            if (!known.contains(name) && idle.test(Set.of(Workshop.key(name.volume())))) {
                boolean ended = repair && workshop.engine().remove(name);
                String detail =
                        "it is served, and the ledger does not have it as served; its writer must be locked out";
                found.add(new Difference(Kind.EXPORT_UNKNOWN, name.toString(), detail, true, ended));
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
            return true;
        } catch (VolumeException e) {
            LOG.error("export {} cannot be served again: {}", export.name(), e.getMessage());
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
