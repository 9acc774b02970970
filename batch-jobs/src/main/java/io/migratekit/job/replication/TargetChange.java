package io.migratekit.job.replication;

import io.migratekit.source.DiskKey;
import io.migratekit.volume.Operation;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.Optional;

/**
 * A volume that does not hold its VM's last restore point any more.
 *
 * @param disk whose target it is
 * @param volume which
 * @param operation what the volume daemon did to it last; empty if it only found it changed
 */
public record TargetChange(DiskKey disk, VolumeId volume, Optional<Operation> operation) {

    /** Returns what happened, and what comes of it, as one sentence without a full stop. */
    public String text() {
        String what = operation
                .map(change -> "%s by operation %s".formatted(deed(change.request()), change.id()))
                .orElse("was away or with another VM");
        return "disk %s: volume %s %s and does not hold the last restore point any more; the next replication copies the disk in full"
                .formatted(disk, volume, what);
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
