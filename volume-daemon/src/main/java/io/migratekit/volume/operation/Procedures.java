package io.migratekit.volume.operation;

import io.migratekit.volume.OperationId;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.List;
import java.util.Optional;

/** Which procedure carries out which request. */
final class Procedures {
    private final Workshop workshop;

    Procedures(Workshop workshop) {
        this.workshop = workshop;
    }

    /**
     * Returns the procedure of an operation.
     *
     * @param volumes those that were known when it was accepted
     */
    Procedure of(OperationId operation, VolumeRequest request, List<VolumeId> volumes) {
        if (request instanceof VolumeRequest.Create create) {
            return new CreateVolume(workshop, operation, create);
        }
        if (request instanceof VolumeRequest.Attach attach) {
            return new AttachVolume(workshop, attach);
        }
        if (request instanceof VolumeRequest.Detach detach) {
            return new DetachVolume(workshop, detach);
        }
        if (request instanceof VolumeRequest.Delete delete) {
            return new DeleteVolume(workshop, delete);
        }
        if (request instanceof VolumeRequest.Resize resize) {
            return new ResizeVolume(workshop, resize);
        }
        if (request instanceof VolumeRequest.Export export) {
            return new ExportVolume(workshop, operation, export);
        }
        if (request instanceof VolumeRequest.Unexport unexport) {
            return new UnexportVolume(workshop, unexport);
        }
        if (request instanceof VolumeRequest.Reinstate reinstate) {
            return new ReinstateVolume(workshop, reinstate);
        }
        return ofSet(operation, request, volumes);
    }

    /** Returns the volumes that a request names, or that its set or VM has now. */
    List<VolumeId> volumes(VolumeRequest request) {
        if (request instanceof VolumeRequest.Snapshot snapshot) {
            return workshop.ledger().volumes().of(snapshot.context()).stream()
                    .map(Volume::id)
                    .toList();
        }
        return set(request)
                .map(id -> workshop.set(id).volumes())
                .orElseGet(() -> volume(request).stream().toList());
    }

    /** Returns the set that a request makes or names. */
    Optional<SnapshotSetId> set(OperationId operation, VolumeRequest request) {
        return request instanceof VolumeRequest.Snapshot ? Optional.of(newSet(operation)) : set(request);
    }

    private Procedure ofSet(OperationId operation, VolumeRequest request, List<VolumeId> volumes) {
        if (request instanceof VolumeRequest.Snapshot snapshot) {
            return new SnapshotVolumes(workshop, operation, newSet(operation), snapshot, volumes);
        }
        if (request instanceof VolumeRequest.Revert revert) {
            return new RevertVolumes(workshop, revert, volumes);
        }
        if (request instanceof VolumeRequest.DeleteSnapshots delete) {
            return new DeleteSnapshots(workshop, delete, volumes);
        }
        if (request instanceof VolumeRequest.CloneSnapshots clone) {
            return new CloneVolumes(workshop, operation, clone, volumes);
        }
        throw new IllegalArgumentException("nobody carries out " + request);
    }

    private static SnapshotSetId newSet(OperationId operation) {
        return new SnapshotSetId("set-" + operation.text().substring("op-".length()));
    }

    private static Optional<SnapshotSetId> set(VolumeRequest request) {
        if (request instanceof VolumeRequest.Revert revert) {
            return Optional.of(revert.set());
        }
        if (request instanceof VolumeRequest.DeleteSnapshots delete) {
            return Optional.of(delete.set());
        }
        return request instanceof VolumeRequest.CloneSnapshots clone ? Optional.of(clone.set()) : Optional.empty();
    }

    private static Optional<VolumeId> volume(VolumeRequest request) {
        if (request instanceof VolumeRequest.Attach attach) {
            return Optional.of(attach.volume());
        }
        if (request instanceof VolumeRequest.Detach detach) {
            return Optional.of(detach.volume());
        }
        if (request instanceof VolumeRequest.Delete delete) {
            return Optional.of(delete.volume());
        }
        if (request instanceof VolumeRequest.Resize resize) {
            return Optional.of(resize.volume());
        }
        if (request instanceof VolumeRequest.Export export) {
            return Optional.of(export.volume());
        }
        if (request instanceof VolumeRequest.Unexport unexport) {
            return Optional.of(unexport.volume());
        }
        return request instanceof VolumeRequest.Reinstate reinstate
                ? Optional.of(reinstate.volume())
                : Optional.empty();
    }
}
