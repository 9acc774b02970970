package io.migratekit.job.replication;

import io.migratekit.source.DiskKey;
import io.migratekit.volume.Operation;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;

/**
 * A volume that does not hold its VM's last restore point any more.
 *
 * @param disk whose target it is
 * @param volume which
 * @param operation what the volume daemon did to it since
 */
public record TargetChange(DiskKey disk, VolumeId volume, Operation operation) {

    /** Returns what happened, and what comes of it, as one sentence without a full stop. */
    public String text() {
        return "disk %s: volume %s %s by operation %s and does not hold the last restore point any more; the next replication copies the disk in full"
                .formatted(disk, volume, deed(operation.request()), operation.id());
    }

    private static String deed(VolumeRequest request) {
        if (request instanceof VolumeRequest.Revert revert) {
            return "was put back to snapshot set %s".formatted(revert.set());
        }
        if (request instanceof VolumeRequest.Attach attach) {
            return "was given to VM %s".formatted(attach.vmId());
        }
        return "was deleted";
    }
}
