package io.migratekit.shell.vcenter;

import io.migratekit.shell.doctor.Finding;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.Ties;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether a guest can start on KVM: what it is, what it starts from, and what it leaves behind. */
final class GuestChecks {
    private static final String SYSTEM = "failover: guest";
    private static final String FIRMWARE = "failover: firmware";
    private static final String ROOT = "failover: root disk";

    /** How vSphere names guests that KVM does not start. */
    private static final List<String> IMPOSSIBLE = List.of("darwin", "vmkernel");

    /** Windows before 2008 R2: virtio drivers of today do not support them. */
    private static final List<String> OLD_WINDOWS =
            List.of("winnt", "win9", "win2000", "winxp", "winnet", "winlonghorn");

    /** Linux before 2.6.25, in which virtio came. */
    private static final List<String> OLD_LINUX =
            List.of("rhel2", "rhel3", "rhel4", "rhel5", "sles10", "sles8", "debian4", "other24x", "redhat");

    private static final List<String> LINUX = List.of(
            "rhel",
            "centos",
            "oraclelinux",
            "debian",
            "ubuntu",
            "sles",
            "opensuse",
            "suse",
            "fedora",
            "coreos",
            "vmwarephoton",
            "amazonlinux",
            "asianux",
            "mandr",
            "turbolinux",
            "rocky",
            "almalinux",
            "other26x",
            "other3x",
            "other4x",
            "other5x",
            "other6x",
            "otherlinux",
            "genericlinux",
            "crxpod");

    private final InventoryMachine machine;
    private final Ties ties;
    private final Optional<Set<Integer>> replicated;

    /**
     * Makes checks.
     *
     * @param replicated the device keys of the disks that are replicated; empty if the VM was not added
     */
    GuestChecks(InventoryMachine machine, Ties ties, Optional<Set<Integer>> replicated) {
        this.machine = machine;
        this.ties = ties;
        this.replicated = replicated;
    }

    List<Finding> look() {
        List<Finding> findings = new ArrayList<>(List.of(system(), firmware(), root()));
        if (ties.protection().encrypted()) {
            findings.add(Finding.warning(
                    "failover: encryption",
                    "the VM's files are encrypted; what is read from them, and its replica, is not",
                    "keep the replica where plain data may be"));
        }
        if (ties.protection().tpm()) {
            findings.add(Finding.warning(
                    "failover: TPM",
                    "it has a virtual TPM, whose secrets stay behind: a disk that BitLocker or LUKS opens by it stays shut",
                    "keep the recovery key at hand, or suspend BitLocker before the last replication"));
        }
        return findings;
    }

    private Finding system() {
        String id = machine.guestId().toLowerCase(Locale.ROOT);
        String found = machine.guestName().isBlank() ? machine.guestId() : machine.guestName();
        if (begins(id, IMPOSSIBLE)) {
            return Finding.error(
                    SYSTEM, found + " does not start on KVM", "leave it where it is, or move what it does");
        }
        if (begins(id, OLD_WINDOWS)) {
            return Finding.warning(
                    SYSTEM,
                    found + " is too old for virtio drivers",
                    "it needs an emulated disk (IDE) and card (e1000) in the cloud: try a test failover early");
        }
        if (id.startsWith("win")) {
            return Finding.warning(
                    SYSTEM,
                    found + " brings no virtio drivers: without them it does not find its disk on KVM",
                    "install virtio-win (viostor, vioscsi, NetKVM) while it still runs here");
        }
        if (begins(id, OLD_LINUX)) {
            return Finding.warning(
                    SYSTEM,
                    found + " may have a kernel without virtio (before 2.6.25)",
                    "see that virtio_blk and virtio_net are in its initramfs: try a test failover early");
        }
        return begins(id, LINUX)
                ? Finding.ok(SYSTEM, found + " has virtio drivers of its own")
                : Finding.warning(
                        SYSTEM,
                        "%s: whether it starts on KVM is not known"
                                .formatted(found.isBlank() ? "no kind of guest is set" : found),
                        "see that it has drivers for virtio disks and cards: try a test failover early");
    }

    private static boolean begins(String id, List<String> kinds) {
        return kinds.stream().anyMatch(id::startsWith);
    }

    private Finding firmware() {
        if (!machine.firmware().equals("efi")) {
            return Finding.ok(FIRMWARE, "BIOS, which every host of a cloud has");
        }
        return ties.protection().secureBoot()
                ? Finding.warning(
                        FIRMWARE,
                        "UEFI with Secure Boot",
                        "hosts of the cloud need UEFI and its secure mode; drivers that are added must be signed")
                : Finding.warning(
                        FIRMWARE,
                        "UEFI: under BIOS it does not start",
                        "hosts of the cloud need UEFI (host detail host.uefi.enable), and the VM is started with it");
    }

    private Finding root() {
        Optional<InventoryDisk> disk = machine.disks().stream()
                .filter(one -> ties.bootDisk().isEmpty()
                        || one.key() == ties.bootDisk().getAsInt())
                .min(Comparator.comparingInt(InventoryDisk::key));
        if (disk.isEmpty()) {
            return Finding.error(ROOT, "it has no disk to start from", "look at the VM's boot order");
        }
        String found = "disk %d '%s', %s"
                .formatted(
                        disk.get().key(),
                        disk.get().label(),
                        ties.bootDisk().isPresent() ? "by the VM's boot order" : "its first");
        return replicated.filter(keys -> !keys.contains(disk.get().key())).isPresent()
                ? Finding.error(ROOT, found + ", is not replicated", "vm remove, then vm add without leaving it out")
                : Finding.ok(ROOT, found);
    }
}
