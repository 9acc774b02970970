package io.migratekit.volume.local;

import io.migratekit.volume.VolumeRequest;
import java.util.OptionalInt;

/**
 * Which VM a volume is attached to.
 *
 * @param vmId {@link VolumeRequest#APPLIANCE} for this appliance
 * @param device its number there, 0 for the root disk; none in this appliance
 */
record StoredAttachment(String vmId, OptionalInt device) {

    boolean inAppliance() {
        return vmId.equals(VolumeRequest.APPLIANCE);
    }
}
