package io.migratekit.volume.operation;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Mark;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells whether what a back end has under a volume's id is the volume that the ledger knows. */
final class Recognition {
    /** All that are kept of one volume, for years of nightly replications. */
    private static final int OPERATIONS_MAX = 10_000;

    private final Workshop workshop;

    Recognition(Workshop workshop) {
        this.workshop = workshop;
    }

    /** Returns what speaks against it, for people; empty if it is the same volume with all that belongs to it. */
    Optional<String> obstacle(Volume volume, Optional<BackendVolume> there) {
        if (there.isEmpty()) {
            return Optional.of("back end %s does not have it".formatted(volume.backend()));
        }
        if (!there.get().owned()) {
            return Optional.of("it does not carry our tag at back end %s".formatted(volume.backend()));
        }
        if (there.get().sizeBytes() < volume.sizeBytes()) {
            return Optional.of(
                    "it has %d bytes, and had %d".formatted(there.get().sizeBytes(), volume.sizeBytes()));
        }
        Optional<SnapshotSetId> lost = lostSet(volume, there.get());
        if (lost.isPresent()) {
            return Optional.of("it lacks its snapshot of set %s; delete the set first".formatted(lost.get()));
        }
        return hasMaker(volume)
                ? Optional.empty()
                : Optional.of("it does not carry the mark of the operation that made it, so it may be another volume");
    }

    /** Returns a set whose snapshot of the volume is not at the back end. */
    Optional<SnapshotSetId> lostSet(Volume volume, BackendVolume there) {
        return workshop.ledger().snapshots().with(volume.id()).stream()
                .filter(set -> set.state() == SnapshotSet.State.READY)
                .map(SnapshotSet::id)
                .filter(set -> !there.snapshots().contains(set))
                .findFirst();
    }

    private boolean hasMaker(Volume volume) {
        return marks(volume)
                .flatMap(mark -> workshop.backends().of(volume).created(mark).stream())
                .anyMatch(made -> made.id().equals(volume.id()));
    }

    /** Returns the marks that it may have been made with. */
    private Stream<Mark> marks(Volume volume) {
        if (volume.cloneOf().isEmpty()) {
            return operations(volume.id())
                    .filter(operation -> operation.request() instanceof VolumeRequest.Create)
                    .map(operation -> CreateVolume.mark(operation.id(), 0));
        }
        SnapshotSetId set = volume.cloneOf().get();
        List<VolumeId> originals = workshop.ledger()
                .snapshots()
                .find(set)
                .map(SnapshotSet::volumes)
                .orElse(List.of());
        return originals.stream()
                .flatMap(original -> operations(original)
                        .filter(operation -> operation.request() instanceof VolumeRequest.CloneSnapshots clone
                                && clone.set().equals(set))
                        .map(operation -> CreateVolume.mark(
                                operation.id(), operation.volumes().indexOf(original))));
    }

    private Stream<Operation> operations(VolumeId id) {
        return workshop
                .ledger()
                .operations()
                .list(new OperationFilter(Optional.of(id), Optional.empty(), OPERATIONS_MAX))
                .stream();
    }
}
