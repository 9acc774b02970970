package io.migratekit.source.vcenter.inventory;

import com.vmware.vim25.ParaVirtualSCSIController;
import com.vmware.vim25.VirtualAHCIController;
import com.vmware.vim25.VirtualBusLogicController;
import com.vmware.vim25.VirtualController;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualIDEController;
import com.vmware.vim25.VirtualLsiLogicController;
import com.vmware.vim25.VirtualLsiLogicSASController;
import com.vmware.vim25.VirtualSCSIController;
import com.vmware.vim25.VirtualSCSISharing;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The disks among a machine's devices. */
public final class Devices {
    private final VirtualDevice[] devices;
    private final Map<Integer, VirtualController> controllers = new HashMap<>();

    /** Takes the value of {@code hardware.device}, of a machine or of a snapshot. */
    public Devices(VirtualDevice[] devices) {
        this.devices = devices.clone();
        for (VirtualDevice device : devices) {
            if (device instanceof VirtualController controller) {
                controllers.put(controller.getKey(), controller);
            }
        }
    }

    /** Returns the disks in the order of their keys. */
    public List<InventoryDisk> disks() {
        return Arrays.stream(devices)
                .filter(VirtualDisk.class::isInstance)
                .map(VirtualDisk.class::cast)
                .sorted(Comparator.comparingInt(VirtualDisk::getKey))
                .map(this::disk)
                .toList();
    }

    private InventoryDisk disk(VirtualDisk disk) {
        VirtualController controller =
                disk.getControllerKey() == null ? null : controllers.get(disk.getControllerKey());
        Long capacityBytes = disk.getCapacityInBytes();
        return new InventoryDisk(
                disk.getKey(),
                label(disk),
                capacityBytes == null ? Math.multiplyExact(disk.getCapacityInKB(), 1024L) : capacityBytes,
                kind(controller),
                controller == null ? -1 : controller.getBusNumber(),
                disk.getUnitNumber() == null ? -1 : disk.getUnitNumber(),
                Backings.of(disk.getBacking(), sharedBus(controller)));
    }

    static String label(VirtualDevice device) {
        return Optional.ofNullable(device.getDeviceInfo())
                .map(info -> info.getLabel())
                .orElse("device " + device.getKey());
    }

    private static boolean sharedBus(@Nullable VirtualController controller) {
        return controller instanceof VirtualSCSIController scsi
                && scsi.getSharedBus() != null
                && scsi.getSharedBus() != VirtualSCSISharing.noSharing;
    }

    private static String kind(@Nullable VirtualController controller) {
        if (controller instanceof ParaVirtualSCSIController) {
            return "pvscsi";
        } else if (controller instanceof VirtualLsiLogicSASController) {
            return "lsilogic-sas";
        } else if (controller instanceof VirtualLsiLogicController) {
            return "lsilogic";
        } else if (controller instanceof VirtualBusLogicController) {
            return "buslogic";
        } else if (controller instanceof VirtualIDEController) {
            return "ide";
        } else if (controller instanceof VirtualAHCIController) {
            return "sata";
        }
        return controller == null ? "unknown" : label(controller); // as NVMe, which is newer than the data objects
    }
}
