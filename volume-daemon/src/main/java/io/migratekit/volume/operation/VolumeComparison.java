package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Difference.Kind;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeState;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.ledger.JournalWrites;
import java.util.List;
import java.util.Optional;

/** Compares one volume of the ledger with what its back end has. To be used while no operation works on the volume. */
final class VolumeComparison {
    private final Workshop workshop;
    private final JournalWrites writes;
    private final Recognition recognition;

    VolumeComparison(Workshop workshop, JournalWrites writes) {
        this.workshop = workshop;
        this.writes = writes;
        this.recognition = new Recognition(workshop);
    }

    /**
     * Adds what differs.
     *
     * @param repair whether what is ours is put right; one that has returned is left to {@link Reinstatement}
     */
    void compare(Volume volume, Optional<BackendVolume> there, boolean repair, List<Difference> found) {
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
        int before = found.size();
        size(volume, there.get(), repair, found);
        attachment(volume, there.get(), repair, found);
        snapshots(volume, there.get(), found);
        if (volume.state() == VolumeState.ERROR) {
            returned(volume, there.get(), found.size() > before, found);
        }
    }

    private void snapshots(Volume volume, BackendVolume there, List<Difference> found) {
        for (SnapshotSet set : workshop.ledger().snapshots().with(volume.id())) {
            if (set.state() == SnapshotSet.State.READY && !there.snapshots().contains(set.id())) {
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

    /** What speaks against it has mostly been said already; a volume that only looks like ours has not. */
    private void returned(Volume volume, BackendVolume there, boolean said, List<Difference> found) {
        Optional<String> obstacle = recognition.obstacle(volume, Optional.of(there));
        if (obstacle.isEmpty()) {
            String detail = "volume '%s' is in error (%s) and at back end %s again as the ledger has it"
                    .formatted(volume.name(), volume.reason().orElse("no reason is known"), volume.backend());
            found.add(difference(Kind.VOLUME_RETURNED, volume.id(), detail, false));
        } else if (!said) {
            String detail = "volume '%s' is in error and stays so: there is one under its id at back end %s, but %s"
                    .formatted(volume.name(), volume.backend(), obstacle.get());
            found.add(new Difference(Kind.VOLUME_NOT_OURS, volume.id().text(), detail, false, false));
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
        boolean here =
                there.attachment().filter(at -> at.mode() == ExportMode.OMA).isPresent();
        List<VolumeExport> ended =
                here ? List.of() : workshop.ledger().exports().openOf(volume.id());
        String detail = "volume '%s' is %s in the ledger and %s at its back end%s"
                .formatted(
                        volume.name(),
                        at(volume.attachment()),
                        at(there.attachment()),
                        ended.isEmpty()
                                ? ""
                                : "; its export %s must end"
                                        .formatted(ended.get(0).name()));
        found.add(difference(Kind.ATTACHMENT, volume.id(), detail, repair));
        if (repair) {
            takeOver(volume.id(), there.attachment(), ended);
        }
    }

    /** Whoever has the volume now may write it: what we serve of it ends before the ledger says so. */
    private void takeOver(VolumeId id, Optional<Attachment> attachment, List<VolumeExport> ended) {
        ended.forEach(export -> workshop.engine().remove(export.name()));
        writes.run(() -> {
            ended.forEach(export -> workshop.ledger().exports().ended(export.name()));
            attachment.ifPresentOrElse(
                    now -> workshop.ledger().volumes().attached(id, now),
                    () -> workshop.ledger().volumes().detached(id));
        });
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
