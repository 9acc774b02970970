package io.migratekit.source.vcenter.lab;

/** A virtual machine to be made in a lab vCenter. What is not said is as a small Linux machine has it, and off. */
public final class LabMachineSpec {
    private final LabForm form = new LabForm();

    private LabMachineSpec() {}

    /** Any name, also with a slash: the inventory then has {@code %2f} for it, as in any vCenter. */
    public static LabMachineSpec named(String name) {
        return new LabMachineSpec().with("name", name).with("guest", "debian10_64Guest");
    }

    /** An ordinary disk, thin, that takes part in snapshots. */
    public LabMachineSpec disk(long bytes) {
        return one("disk", Long.toString(bytes));
    }

    /**
     * A disk of any kind.
     *
     * @param backing flat (which is thin), thick, sparse, seSparse, virtualRdm or physicalRdm
     * @param mode persistent, independent_persistent or independent_nonpersistent
     * @param sharing sharingNone or sharingMultiWriter
     */
    public LabMachineSpec disk(long bytes, String backing, String mode, String sharing) {
        return one("disk", "%d:%s:%s:%s".formatted(bytes, backing, mode, sharing));
    }

    /**
     * A network card.
     *
     * @param type as in vmxnet3, e1000e
     * @param network by name: {@code VM Network} (standard switch), {@code DC0_DVPG0} (distributed switch) or
     *     {@code DC0_NSX0} (opaque)
     */
    public LabMachineSpec nic(String type, String network) {
        return one("nic", type + ":" + network);
    }

    /** A folder below the datacenter's, as in {@code prod/web}; made if missing. */
    public LabMachineSpec folder(String path) {
        return with("folder", path);
    }

    /** The datacenter, as in {@code DC1}; otherwise DC0. */
    public LabMachineSpec datacenter(String name) {
        return with("datacenter", name);
    }

    /** bios or efi. */
    public LabMachineSpec firmware(String firmware) {
        return with("firmware", firmware);
    }

    /** The guest as vSphere names it, such as {@code windows2019srv_64Guest}. */
    public LabMachineSpec guest(String identifier) {
        return with("guest", identifier);
    }

    /** The hardware's version, as in {@code vmx-13}; change tracking needs vmx-07. */
    public LabMachineSpec hardware(String version) {
        return with("version", version);
    }

    /** Whether the SCSI bus is shared: noSharing, virtualSharing or physicalSharing. */
    public LabMachineSpec bus(String sharing) {
        return with("bus", sharing);
    }

    /** The instance UUID; otherwise one that follows from the name. */
    public LabMachineSpec instanceUuid(String uuid) {
        return with("uuid", uuid);
    }

    /** Processors, and memory in MiB. */
    public LabMachineSpec size(int processors, int memoryMib) {
        return with("cpus", Integer.toString(processors)).with("memory", Integer.toString(memoryMib));
    }

    /** Powered on, with VMware Tools running. */
    public LabMachineSpec running() {
        return with("on", "true").with("tools", "true");
    }

    /** Powered on, without VMware Tools. */
    public LabMachineSpec runningWithoutTools() {
        return with("on", "true").with("tools", "false");
    }

    /** What there is one of: the last word counts. */
    private LabMachineSpec with(String name, String value) {
        form.set(name, value);
        return this;
    }

    /** What there may be several of. */
    private LabMachineSpec one(String name, String value) {
        form.add(name, value);
        return this;
    }

    LabForm form() {
        return form;
    }
}
