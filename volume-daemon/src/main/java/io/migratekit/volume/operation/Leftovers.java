package io.migratekit.volume.operation;

import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Untagged;
import io.migratekit.volume.backend.VolumeBackend;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds volumes that a back end made for creations that did not wait for them any more. They carry no tag, so that only
 * their marks tell whose they are: those of operations in this journal are ours.
 */
final class Leftovers {
    private final Workshop workshop;

    Leftovers(Workshop workshop) {
        this.workshop = workshop;
    }

    /** Returns those of operations that have ended, but for what the ledger knows. */
    List<Difference> at(VolumeBackend backend, Set<VolumeId> known) {
        return backend.untagged().stream()
                .filter(volume -> !known.contains(volume.id()))
                .flatMap(volume -> maker(volume).map(made -> difference(backend, volume, made)).stream())
                .toList();
    }

    private Optional<Operation> maker(Untagged volume) {
        return CreateVolume.operation(volume.mark())
                .flatMap(id -> workshop.ledger().operations().find(id))
                .filter(made -> made.status().ended());
    }

    private static Difference difference(VolumeBackend backend, Untagged volume, Operation made) {
        return new Difference(
                Difference.Kind.VOLUME_UNKNOWN,
                volume.id().text(),
                "volume '%s' of %d bytes at back end %s was made for operation %s, which had given up waiting for it; it carries no tag and the ledger does not know it; delete it there by hand"
                        .formatted(volume.name(), volume.sizeBytes(), backend.name(), made.id()),
                true,
                false);
    }
}
