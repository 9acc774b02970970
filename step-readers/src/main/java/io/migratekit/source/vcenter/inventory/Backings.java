package io.migratekit.source.vcenter.inventory;

import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualDeviceFileBackingInfo;
import com.vmware.vim25.VirtualDiskFlatVer1BackingInfo;
import com.vmware.vim25.VirtualDiskFlatVer2BackingInfo;
import com.vmware.vim25.VirtualDiskRawDiskMappingVer1BackingInfo;
import com.vmware.vim25.VirtualDiskRawDiskVer2BackingInfo;
import com.vmware.vim25.VirtualDiskSeSparseBackingInfo;
import com.vmware.vim25.VirtualDiskSparseVer1BackingInfo;
import com.vmware.vim25.VirtualDiskSparseVer2BackingInfo;
import io.migratekit.source.vcenter.inventory.InventoryDisk.DiskBacking;
import io.migratekit.source.vcenter.inventory.InventoryDisk.DiskBacking.RawDevice;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the kinds of backings of disks, each of which keeps the same things in fields of its own. */
final class Backings {
    private static final Pattern DATASTORE = Pattern.compile("\\[([^\\]]+)\\].*");

    private Backings() {}

    /** What differs from kind to kind. */
    private record Fields(
            @Nullable String mode,
            @Nullable Boolean thin,
            @Nullable String changeId,
            @Nullable String sharing,
            int chain) {}

    static DiskBacking of(@Nullable VirtualDeviceBackingInfo backing, boolean sharedBus) {
        if (backing == null) {
            return new DiskBacking("", "", "", "", Optional.empty(), RawDevice.NO, sharedBus, Optional.empty(), 1);
        }
        String file = backing instanceof VirtualDeviceFileBackingInfo named && named.getFileName() != null
                ? named.getFileName()
                : "";
        Matcher datastore = DATASTORE.matcher(file);
        Fields fields = fields(backing);
        boolean shared = sharedBus || "sharingMultiWriter".equals(fields.sharing());
        return new DiskBacking(
                type(backing),
                file,
                datastore.matches() ? datastore.group(1) : "",
                fields.mode() == null ? "" : fields.mode(),
                Optional.ofNullable(fields.thin()),
                rawDevice(backing),
                shared,
                Optional.ofNullable(fields.changeId()).filter(text -> !text.isBlank()),
                fields.chain());
    }

    private static Fields fields(VirtualDeviceBackingInfo backing) {
        if (backing instanceof VirtualDiskFlatVer2BackingInfo flat) {
            return new Fields(
                    flat.getDiskMode(), flat.getThinProvisioned(), flat.getChangeId(), flat.getSharing(), chain(flat));
        } else if (backing instanceof VirtualDiskSparseVer2BackingInfo sparse) {
            return new Fields(sparse.getDiskMode(), true, sparse.getChangeId(), null, chain(sparse));
        } else if (backing instanceof VirtualDiskSeSparseBackingInfo sparse) {
            return new Fields(sparse.getDiskMode(), true, sparse.getChangeId(), null, chain(sparse));
        } else if (backing instanceof VirtualDiskRawDiskMappingVer1BackingInfo mapped) {
            return new Fields(mapped.getDiskMode(), null, mapped.getChangeId(), mapped.getSharing(), chain(mapped));
        } else if (backing instanceof VirtualDiskRawDiskVer2BackingInfo raw) {
            return new Fields(null, null, raw.getChangeId(), raw.getSharing(), 1);
        } else if (backing instanceof VirtualDiskFlatVer1BackingInfo old) {
            return new Fields(old.getDiskMode(), false, null, null, 1);
        } else if (backing instanceof VirtualDiskSparseVer1BackingInfo old) {
            return new Fields(old.getDiskMode(), true, null, null, 1);
        }
        return new Fields(null, null, null, null, 1);
    }

    private static int chain(VirtualDiskFlatVer2BackingInfo backing) {
        int length = 0;
        for (VirtualDiskFlatVer2BackingInfo each = backing; each != null; each = each.getParent()) {
            length++;
        }
        return length;
    }

    private static int chain(VirtualDiskSparseVer2BackingInfo backing) {
        int length = 0;
        for (VirtualDiskSparseVer2BackingInfo each = backing; each != null; each = each.getParent()) {
            length++;
        }
        return length;
    }

    private static int chain(VirtualDiskSeSparseBackingInfo backing) {
        int length = 0;
        for (VirtualDiskSeSparseBackingInfo each = backing; each != null; each = each.getParent()) {
            length++;
        }
        return length;
    }

    private static int chain(VirtualDiskRawDiskMappingVer1BackingInfo backing) {
        int length = 0;
        for (VirtualDiskRawDiskMappingVer1BackingInfo each = backing; each != null; each = each.getParent()) {
            length++;
        }
        return length;
    }

    private static RawDevice rawDevice(VirtualDeviceBackingInfo backing) {
        if (backing instanceof VirtualDiskRawDiskMappingVer1BackingInfo mapped) {
            return "virtualMode".equals(mapped.getCompatibilityMode()) ? RawDevice.VIRTUAL : RawDevice.PHYSICAL;
        }
        return backing instanceof VirtualDiskRawDiskVer2BackingInfo ? RawDevice.PHYSICAL : RawDevice.NO;
    }

    private static String type(VirtualDeviceBackingInfo backing) {
        return backing.getClass().getSimpleName().replace("VirtualDisk", "").replace("BackingInfo", "");
    }
}
