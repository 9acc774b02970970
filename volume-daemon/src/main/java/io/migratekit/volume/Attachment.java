package io.migratekit.volume;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which VM a volume is attached to.
 *
 * @param vmId as its back end names the VM
 * @param mode whether that VM is this appliance
 * @param deviceNumber where the back end put it, 0 for the root disk; empty if it does not tell
 * @param devicePath the device or image in this appliance's file system; empty in failover mode
 */
public record Attachment(String vmId, ExportMode mode, OptionalInt deviceNumber, Optional<String> devicePath) {
    public Attachment {
        if (vmId.isBlank()) {
            throw new IllegalArgumentException("an attachment names its VM");
        }
        if (mode == ExportMode.FAILOVER && devicePath.isPresent()) {
            throw new IllegalArgumentException(
                    "a volume of VM %s is not in this appliance, so it has no device here".formatted(vmId));
        }
    }
}
