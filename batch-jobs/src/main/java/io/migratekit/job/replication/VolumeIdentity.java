package io.migratekit.job.replication;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import java.util.List;
import java.util.Optional;

/**
 * Tells whether a volume can still hold what a job wrote to it: its identity is another one after it was put back to a
 * snapshot set, was given to a VM that may have written to it, was away for a while, or was deleted. Incremental
 * replications go on from what a target held last, so neither a restore point nor a cursor may outlive that.
 */
final class VolumeIdentity {
    /** All that are kept of one volume, for years of nightly replications. */
    private static final int OPERATIONS_MAX = 10_000;

    private VolumeIdentity() {}

    /** Asks for it; at most 100 characters. To be asked while an export of a job holds such changes off. */
    static String of(Volumes volumes, VolumeId id) {
        OperationFilter all = new OperationFilter(Optional.of(id), Optional.empty(), OPERATIONS_MAX);
        return of(id, volumes.operations(all));
    }

    /**
     * Reads it off.
     *
     * @param operations of the volume, the newest first
     */
    static String of(VolumeId id, List<Operation> operations) {
        return lastChange(operations)
                .map(operation -> "volume %s since %s".formatted(id, operation.id()))
                .orElse("volume " + id);
    }

    /**
     * Returns the last operation that gave a volume other content than jobs wrote, or may have.
     *
     * @param operations of the volume, the newest first
     */
    static Optional<Operation> lastChange(List<Operation> operations) {
        return operations.stream().filter(VolumeIdentity::changesContent).findFirst();
    }

    private static boolean changesContent(Operation operation) {
        VolumeRequest request = operation.request();
        boolean foreign =
                request instanceof VolumeRequest.Attach attach && !attach.vmId().equals(VolumeRequest.APPLIANCE);
        boolean changing = foreign
                || request instanceof VolumeRequest.Revert
                || request instanceof VolumeRequest.Reinstate
                || request instanceof VolumeRequest.Delete;
        return changing && tookEffect(operation);
    }

    /** One that was refused has no step, or only such that were undone. */
    private static boolean tookEffect(Operation operation) {
        return operation.status() != OperationStatus.FAILED
                || operation.steps().stream().anyMatch(step -> step.state() != Operation.Step.State.UNDONE);
    }
}
