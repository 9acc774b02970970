package io.migratekit.source.vcenter.inventory;

import java.util.List;
import java.util.Optional;

/**
 * A virtual machine as vCenter describes it now.
 *
 * @param reference managed object reference, as in vm-16; another one after the machine is registered again
 * @param instanceUuid its identity within the vCenter, in lower case
 * @param name as people see it, with any characters
 * @param path of its place, as in {@code /DC0/vm/Web/web01}; within names {@code /} is written {@code %2f}
 * @param cpus number of virtual processors
 * @param memoryBytes size of its memory
 * @param firmware bios or efi
 * @param hardwareVersion as in 13 for vmx-13; 0 if unknown
 * @param guestId vSphere's name of the guest's kind, as in windows9Server64Guest; may be empty
 * @param guestName the same in words; may be empty
 * @param annotation what people noted; may be empty
 * @param tools what VMware Tools do
 * @param power whether it runs
 * @param template whether it is a template, which cannot run or be snapshotted
 * @param tracked whether changed block tracking is switched on
 * @param disks in the order of their keys
 * @param nics in the order of their keys
 */
public record InventoryMachine(
        String reference,
        String instanceUuid,
        String name,
        String path,
        int cpus,
        long memoryBytes,
        String firmware,
        int hardwareVersion,
        String guestId,
        String guestName,
        String annotation,
        Tools tools,
        Power power,
        boolean template,
        boolean tracked,
        List<InventoryDisk> disks,
        List<InventoryNic> nics) {

    /** Whether a machine runs. */
    public enum Power {
        ON,
        OFF,
        SUSPENDED,
        UNKNOWN
    }

    /** What VMware Tools do; only those that run can quiesce a guest or shut it down. */
    public enum Tools {
        RUNNING,
        NOT_RUNNING,
        NOT_INSTALLED,
        UNKNOWN
    }

    public InventoryMachine {
        disks = List.copyOf(disks);
        nics = List.copyOf(nics);
    }

    /** Returns the name of its datacenter, which is what its path has before the folder of all machines. */
    public Optional<String> datacenter() {
        List<String> places = List.of(path.split("/"));
        int machines = places.subList(Math.min(2, places.size()), places.size()).indexOf("vm");
        return machines < 0 ? Optional.empty() : Optional.of(Names.shown(places.get(machines + 1)));
    }
}
