package io.migratekit.source.vcenter.inventory;

import java.util.Optional;

/**
 * A disk of a virtual machine.
 *
 * @param key identity within the machine, as in 2000
 * @param label as people see it, as in Hard disk 1
 * @param capacityBytes size that the guest sees
 * @param controller kind of its controller, as in pvscsi
 * @param bus number of the controller among those of its kind; -1 if unknown
 * @param unit its place at the controller; -1 if unknown
 * @param backing where its bytes are
 */
public record InventoryDisk(
        int key, String label, long capacityBytes, String controller, int bus, int unit, DiskBacking backing) {

    /**
     * Where a disk's bytes are.
     *
     * @param type vSphere's name of the kind without its affixes, as in FlatVer2
     * @param file path, as in {@code [datastore1] web01/web01.vmdk}; empty for a device of the host
     * @param datastore name of the datastore in the path; empty if there is none
     * @param mode as vSphere names it, as in persistent or independent_persistent; may be empty
     * @param thin whether space is taken when it is written; empty if vCenter does not say
     * @param rawDevice whether it is a device of the host (RDM), and then whether all commands are passed to it
     * @param shared whether several machines may write it
     * @param changeId the change id of that moment, where changes are tracked
     * @param chain how many files the disk's content is spread over: 1 without snapshots
     */
    public record DiskBacking(
            String type,
            String file,
            String datastore,
            String mode,
            Optional<Boolean> thin,
            RawDevice rawDevice,
            boolean shared,
            Optional<String> changeId,
            int chain) {

        /** Whether a disk is a device of the host. */
        public enum RawDevice {
            NO,
            /** A mapping that vSphere can snapshot. */
            VIRTUAL,
            /** A mapping, or a device without one, that vSphere cannot snapshot. */
            PHYSICAL
        }

        /** Tells whether snapshots leave the disk out. */
        public boolean independent() {
            return mode.startsWith("independent");
        }
    }
}
