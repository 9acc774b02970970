package io.migratekit.source.vcenter.inventory;

import com.vmware.vim25.OpaqueNetworkSummary;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualEthernetCard;
import com.vmware.vim25.VirtualEthernetCardDistributedVirtualPortBackingInfo;
import com.vmware.vim25.VirtualEthernetCardNetworkBackingInfo;
import com.vmware.vim25.VirtualEthernetCardOpaqueNetworkBackingInfo;
import io.migratekit.source.vcenter.inventory.InventoryNic.Kind;
import io.migratekit.source.vcenter.property.PropertyRow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The networks of a vCenter by all that cards name them by. */
final class Networks {
    private final Map<String, String> byReference = new HashMap<>();
    private final Map<String, String> byPortGroupKey = new HashMap<>();
    private final Map<String, String> byOpaqueId = new HashMap<>();

    /** Notes a network, a port group or an opaque network. */
    void add(PropertyRow row) {
        String name = row.text("name").map(Names::shown).orElse("");
        if (name.isEmpty()) {
            return;
        }
        byReference.put(row.id(), name);
        row.text("key").ifPresent(key -> byPortGroupKey.put(key, name));
        row.get("summary", OpaqueNetworkSummary.class)
                .map(OpaqueNetworkSummary::getOpaqueNetworkId)
                .ifPresent(id -> byOpaqueId.put(id, name));
    }

    /** Returns a machine's cards in the order of their keys. */
    List<InventoryNic> nics(VirtualDevice[] devices) {
        return Arrays.stream(devices)
                .filter(VirtualEthernetCard.class::isInstance)
                .map(VirtualEthernetCard.class::cast)
                .sorted(Comparator.comparingInt(VirtualEthernetCard::getKey))
                .map(this::nic)
                .toList();
    }

    private InventoryNic nic(VirtualEthernetCard card) {
        String mac = card.getMacAddress();
        return new InventoryNic(
                card.getKey(),
                Devices.label(card),
                mac == null ? "" : mac.toLowerCase(Locale.ROOT),
                card.getClass().getSimpleName().replace("Virtual", "").toLowerCase(Locale.ROOT),
                name(card.getBacking()),
                kind(card.getBacking()),
                card.getConnectable() != null && card.getConnectable().isConnected());
    }

    private Optional<String> name(@Nullable VirtualDeviceBackingInfo backing) {
        if (backing instanceof VirtualEthernetCardDistributedVirtualPortBackingInfo port && port.getPort() != null) {
            return Optional.ofNullable(byPortGroupKey.get(port.getPort().getPortgroupKey()));
        } else if (backing instanceof VirtualEthernetCardOpaqueNetworkBackingInfo opaque) {
            return Optional.ofNullable(byOpaqueId.get(opaque.getOpaqueNetworkId()));
        } else if (backing instanceof VirtualEthernetCardNetworkBackingInfo network) {
            return Optional.ofNullable(network.getNetwork())
                    .map(reference -> byReference.get(reference.getVal()))
                    .or(() -> Optional.ofNullable(network.getDeviceName()));
        }
        return Optional.empty();
    }

    private static Kind kind(@Nullable VirtualDeviceBackingInfo backing) {
        if (backing instanceof VirtualEthernetCardDistributedVirtualPortBackingInfo) {
            return Kind.DISTRIBUTED;
        } else if (backing instanceof VirtualEthernetCardOpaqueNetworkBackingInfo) {
            return Kind.OPAQUE;
        }
        return backing instanceof VirtualEthernetCardNetworkBackingInfo ? Kind.STANDARD : Kind.NONE;
    }
}
