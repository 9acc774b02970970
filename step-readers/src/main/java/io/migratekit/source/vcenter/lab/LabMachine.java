package io.migratekit.source.vcenter.lab;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * A virtual machine in a lab vCenter: its guest, the people who change it, and what goes wrong with it. Each call is
 * done when it returns, and fails with what the lab says against it.
 */
public final class LabMachine {
    /** Bytes of one request: encoded they are thrice as many, and the lab takes 10 MB. */
    private static final int PIECE_BYTES = 1 << 20;

    private final LabControl control;
    private final String reference;
    private final String instanceUuid;
    private final List<Integer> disks;

    LabMachine(LabControl control, String reference, String instanceUuid, List<Integer> disks) {
        this.control = control;
        this.reference = reference;
        this.instanceUuid = instanceUuid;
        this.disks = disks;
    }

    /** Its managed object reference, as in vm-12. */
    public String reference() {
        return reference;
    }

    public String instanceUuid() {
        return instanceUuid;
    }

    /** The device keys of the disks that it was made with, in order. */
    public List<Integer> disks() {
        return disks;
    }

    /** Writes as the guest does: the bytes are there, and their blocks count as changed. */
    public void write(int disk, long offsetBytes, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE_BYTES));
            control.post("/disk/write", on(disk).add("offset", offsetBytes + at).add("bytes", piece));
        }
    }

    /** Lets ranges count as changed that nobody has written: {@code count} of a length, each a stride from the last. */
    public void mark(int disk, long offsetBytes, long lengthBytes, long strideBytes, long count) throws IOException {
        control.post(
                "/disk/mark",
                on(disk).add("offset", offsetBytes)
                        .add("length", lengthBytes)
                        .add("stride", strideBytes)
                        .add("count", count));
    }

    /** From now on change tracking leaves out what touches a range. */
    public void lie(int disk, long offsetBytes, long lengthBytes) throws IOException {
        control.post("/disk/lie", on(disk).add("offset", offsetBytes).add("length", lengthBytes));
    }

    /** Bends the answers to change queries of a disk. */
    public void answer(int disk, LabPages pages) throws IOException {
        control.post("/disk/pages", pages.addTo(on(disk)));
    }

    /** Begins tracking of a disk anew: earlier change ids are worth nothing. Tracking has to be on. */
    public void resetTracking(int disk) throws IOException {
        control.post("/disk/reset", on(disk));
    }

    /** Switches change tracking off, as somebody else does; what changes meanwhile is never known. */
    public void switchTrackingOff() throws IOException {
        control.post("/machine/untrack", self());
    }

    /** Makes a disk larger; there must be no snapshot. Its tracking begins anew, as after most such changes. */
    public void grow(int disk, long capacityBytes) throws IOException {
        control.post("/disk/grow", on(disk).add("size", capacityBytes));
    }

    /** Makes a disk larger, and its tracking goes on as if nothing was: the kind that gave wrong answers. */
    public void growUnnoticed(int disk, long capacityBytes) throws IOException {
        control.post("/disk/grow", on(disk).add("size", capacityBytes).add("keepsTracking", true));
    }

    /** Adds an empty disk and returns its device key. */
    public int addDisk(long capacityBytes) throws IOException {
        return Integer.parseInt(control.post("/disk/add", self().add("size", capacityBytes)));
    }

    public void removeDisk(int disk) throws IOException {
        control.post("/disk/remove", on(disk));
    }

    public void rename(String name) throws IOException {
        control.post("/machine/rename", self().add("name", name));
    }

    /** Moves it into a folder below the datacenter's, as in {@code prod/web}; made if missing. */
    public void move(String folder) throws IOException {
        control.post("/machine/move", self().add("folder", folder));
    }

    /** Powers it off if it is on, and deletes it with its disks. */
    public void delete() throws IOException {
        control.post("/machine/delete", self());
    }

    /** Takes a snapshot as somebody else does, and returns its reference, as in snapshot-34. */
    public String takeSnapshot(String name) throws IOException {
        return control.post("/snapshot/create", self().add("name", name));
    }

    /** Removes anybody's snapshot by name or reference. */
    public void removeSnapshot(String snapshot) throws IOException {
        control.post("/snapshot/remove", self().add("snapshot", snapshot));
    }

    /** Goes back to a snapshot by name or reference, with the bytes of all disks. Tracking begins anew. */
    public void revertTo(String snapshot) throws IOException {
        control.post("/snapshot/revert", self().add("snapshot", snapshot));
    }

    /** From now on a revert leaves the tracking's UUID as it is, which makes change ids look comparable. */
    public void revertUnnoticed() throws IOException {
        control.post("/machine/set", self().add("keepsUuid", true));
    }

    /** From now on it can have so many snapshots; otherwise 32. */
    public void limitSnapshots(int snapshots) throws IOException {
        control.post("/machine/set", self().add("limit", snapshots));
    }

    /** Whether quiesced snapshots fail from now on, with ApplicationQuiesceFault. */
    public void failQuiescing(boolean fails) throws IOException {
        control.post("/machine/set", self().add("noQuiesce", fails));
    }

    /** Whether the guest ignores from now on that it is to shut down. */
    public void ignoreShutdown(boolean ignores) throws IOException {
        control.post("/machine/set", self().add("stubborn", ignores));
    }

    /** The next removal of a snapshot succeeds, but leaves disks that have to be consolidated. */
    public void leaveUnconsolidated() throws IOException {
        control.post("/machine/set", self().add("leaves", true));
    }

    /** Whether its disks need consolidation, as far as it says. */
    public void needConsolidation(boolean needed) throws IOException {
        control.post("/machine/set", self().add("consolidation", needed));
    }

    private LabForm self() {
        return new LabForm().add("vm", reference);
    }

    private LabForm on(int disk) {
        return self().add("key", disk);
    }

    @Override
    public String toString() {
        return reference;
    }
}
