package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeState;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.export.ExportEngine;
import java.util.List;
import java.util.Optional;

/**
 * What procedures work with, and the refusals that they share.
 *
 * @param ledger what is known
 * @param backends where volumes are
 * @param engine what serves them
 */
record Workshop(Ledger ledger, Backends backends, ExportEngine engine) {

    static String key(VolumeId id) {
        return "volume:" + id;
    }

    static String key(SnapshotSetId id) {
        return "set:" + id;
    }

    static String contextKey(String context) {
        return "context:" + context;
    }

    Volume volume(VolumeId id) {
        return ledger.volumes()
                .find(id)
                .orElseThrow(() -> new VolumeException(
                        Kind.NO_SUCH_THING, "there is no volume %s; 'volume list' shows all".formatted(id)));
    }

    VolumeBackend backend(VolumeId id) {
        return backends.of(volume(id));
    }

    SnapshotSet set(SnapshotSetId id) {
        return ledger.snapshots()
                .find(id)
                .orElseThrow(() -> new VolumeException(
                        Kind.NO_SUCH_THING,
                        "there is no snapshot set %s; 'volume show' names those of a volume".formatted(id)));
    }

    void refuseBroken(Volume volume) {
        if (volume.state() == VolumeState.ERROR) {
            throw refused(
                    "volume '%s' (%s) is in error: %s. 'volume reconcile --repair' looks at it again; if it is gone for good, 'volume delete' forgets it"
                            .formatted(
                                    volume.name(), volume.id(), volume.reason().orElse("no reason is known")));
        }
    }

    void refuseExported(Volume volume, String what) {
        List<VolumeExport> open = ledger.exports().openOf(volume.id());
        if (!open.isEmpty()) {
            throw refused("volume '%s' (%s) cannot be %s while it is exported as %s; end the export first"
                    .formatted(volume.name(), volume.id(), what, open.get(0).name()));
        }
    }

    void refuseAttached(Volume volume, String what) {
        Optional<Attachment> attachment = volume.attachment();
        if (attachment.isPresent()) {
            throw refused("volume '%s' (%s) cannot be %s while it is attached to VM %s; detach it first"
                    .formatted(
                            volume.name(), volume.id(), what, attachment.get().vmId()));
        }
    }

    /** Its VM may be running from it: only what is attached to this appliance, or nowhere, is ours to change. */
    void refuseElsewhere(Volume volume, String what) {
        Optional<Attachment> elsewhere = volume.attachment().filter(at -> at.mode() == ExportMode.FAILOVER);
        if (elsewhere.isPresent()) {
            throw refused("volume '%s' (%s) cannot be %s while VM %s has it; detach it first"
                    .formatted(volume.name(), volume.id(), what, elsewhere.get().vmId()));
        }
    }

    static VolumeException refused(String message) {
        return new VolumeException(Kind.REFUSED, message);
    }
}
