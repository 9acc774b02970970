package io.migratekit.source.vcenter.inventory;

import java.util.Optional;

/**
 * A network card of a virtual machine.
 *
 * @param key identity within the machine, as in 4000
 * @param label as people see it, as in Network adapter 1
 * @param mac its address, in lower case; may be empty
 * @param type vSphere's name of the kind in lower case, as in vmxnet3
 * @param network name of what it is connected to: a standard network, a port group of a distributed switch, or a network
 *     of NSX; empty if the user may not see it
 * @param kind which of those
 * @param connected whether it is connected now
 */
public record InventoryNic(
        int key, String label, String mac, String type, Optional<String> network, Kind kind, boolean connected) {

    /** What a card is connected to. */
    public enum Kind {
        STANDARD,
        DISTRIBUTED,
        OPAQUE,
        NONE
    }
}
