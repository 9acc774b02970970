package io.migratekit.shell.vcenter;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Units;
import io.migratekit.shell.vcenter.SnapshotOwners.Need;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.VCenterRef;
import io.migratekit.source.vcenter.inventory.Datastores;
import io.migratekit.source.vcenter.inventory.Inventory;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Power;
import io.migratekit.source.vcenter.inventory.Protection;
import io.migratekit.source.vcenter.privilege.Privileges;
import io.migratekit.source.vcenter.tracking.OwnSnapshot;
import io.migratekit.source.vcenter.tracking.SnapshotState;
import io.migratekit.source.vcenter.tracking.TrackedMachine;
import io.migratekit.source.vcenter.tracking.TrackingStatus;
import io.migratekit.source.vcenter.tracking.TrackingStatus.DiskObstacle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What there is to say of a VM at its vCenter. */
final class SourceChecks {
    /** Log-ins and certificates begin to fail at some minutes, and people read the times of snapshots. */
    private static final Duration SKEW_MAX = Duration.ofMinutes(2);

    private final SourceVm vm;
    private final SnapshotOwners owners;
    private final TrackedMachine tracked;
    private final String quoted;
    private final Map<DiskKey, Long> capacities = new HashMap<>();
    private final InventoryMachine machine;

    /**
     * Asks for the VM.
     *
     * @throws SourceException.NotFound if the vCenter does not list it (any more)
     */
    SourceChecks(SourceVm vm, SnapshotOwners owners) throws SourceException {
        this.vm = vm;
        this.owners = owners;
        this.tracked = vm.tracked();
        this.quoted = Words.quote(vm.name());
        this.machine = machine(vm);
    }

    List<Finding> look() throws SourceException {
        ManagedObjectReference reference = tracked.reference();
        machine.disks()
                .forEach(disk -> capacities.put(new DiskKey(Integer.toString(disk.key())), disk.capacityBytes()));
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                "vCenter",
                "%s: %s".formatted(vm.session().where(), vm.session().about().getFullName())));
        findings.add(clock(Duration.between(Instant.now(), vm.session().now())));
        findings.addAll(privileges(reference));
        findings.add(guest(machine));
        encryption(reference).ifPresent(findings::add);
        TrackingStatus status = tracked.status();
        findings.add(tracking(status));
        findings.addAll(disks(machine, status));
        findings.addAll(snapshots(tracked.snapshotState()));
        findings.addAll(SpaceChecks.look(machine, new Datastores(vm.session()).of(reference)));
        return findings;
    }

    /** Returns the sizes in bytes of the disks that were looked at. */
    Map<DiskKey, Long> capacities() {
        return Map.copyOf(capacities);
    }

    /** Returns the VM as it was seen. */
    InventoryMachine machine() {
        return machine;
    }

    /** Returns the device keys of the disks that are replicated; empty if the VM was not added. */
    Optional<Set<Integer>> replicatedKeys() {
        return vm.added().map(machine -> replicated().keySet());
    }

    static Finding clock(Duration ahead) {
        return ahead.abs().compareTo(SKEW_MAX) <= 0
                ? Finding.ok("clock", "the vCenter's and this machine's agree")
                : Finding.warning(
                        "clock",
                        "the vCenter's is %s %s this machine's"
                                .formatted(Units.duration(ahead.abs()), ahead.isNegative() ? "behind" : "ahead of"),
                        "let both follow the same time servers (NTP): certificates and times of snapshots depend on it");
    }

    private static InventoryMachine machine(SourceVm vm) throws SourceException {
        return new Inventory(vm.session())
                .machines().stream()
                        .filter(machine -> machine.instanceUuid().equals(vm.instanceUuid()))
                        .findFirst()
                        .orElseThrow(
                                () -> new SourceException.NotFound("vCenter %s does not list the VM '%s' (any more)"
                                        .formatted(vm.session().where(), vm.name())));
    }

    private List<Finding> privileges(ManagedObjectReference reference) throws SourceException {
        Privileges privileges = new Privileges(vm.session());
        List<String> missing = privileges.missingOn(reference);
        List<String> forVddk = privileges.missingAtTop().stream()
                .filter(Privileges.NEEDED_AT_TOP::contains)
                .toList();
        List<Finding> findings = new ArrayList<>();
        if (!missing.isEmpty()) {
            findings.add(Finding.error(
                    "privileges",
                    "missing on this VM: " + String.join(", ", missing),
                    "give the user a role with them on the VM, or above it"));
        }
        if (!forVddk.isEmpty()) {
            findings.add(Finding.warning(
                    "privileges",
                    "missing at the top of the tree, where VDDK asks for them: " + String.join(", ", forVddk),
                    "give the user a role with them on the vCenter itself"));
        }
        return findings.isEmpty()
                ? List.of(Finding.ok("privileges", "all that a replication needs on this VM"))
                : findings;
    }

    private Optional<Finding> encryption(ManagedObjectReference reference) throws SourceException {
        return Protection.of(vm.session(), reference).encrypted()
                ? Optional.of(Finding.warning(
                        "encryption",
                        "vSphere encrypts this VM, and VDDK reads such disks only by nbdssl or hotadd and with the right to",
                        "give the user Cryptographic operations > Direct access, and keep nbdssl among the transports"))
                : Optional.empty();
    }

    private static Finding guest(InventoryMachine machine) {
        if (machine.template()) {
            return Finding.error("guest", "it is a template", "convert it to a virtual machine");
        }
        if (machine.power() == Power.OFF) {
            return Finding.ok("guest", "off: nothing writes while the snapshot is taken");
        }
        if (machine.power() == Power.SUSPENDED) {
            return Finding.warning(
                    "guest", "suspended: what it had in memory is not on its disks", "let it run, or shut it down");
        }
        return switch (machine.tools()) {
            case RUNNING -> Finding.ok("guest", "VMware Tools run, so it can be quiesced");
            case NOT_RUNNING, NOT_INSTALLED, UNKNOWN ->
                Finding.warning(
                        "guest",
                        "VMware Tools: %s, so its disks are taken as after a power failure"
                                .formatted(MachineViews.word(machine.tools())),
                        "install or start them (open-vm-tools)");
        };
    }

    private Finding tracking(TrackingStatus status) {
        if (status.enabled() && status.possible()) {
            return Finding.ok("change tracking", "on");
        }
        return status.possible()
                ? Finding.optional(
                        "change tracking",
                        "off; the first replication switches it on",
                        "nothing has to be done: switched on then, it also tells what is allocated")
                : Finding.warning(
                        "change tracking",
                        status.enabled()
                                ? "on, but not to be believed, so each replication copies all"
                                : "not possible, so each replication copies all",
                        String.join("; ", status.obstacles()));
    }

    private List<Finding> disks(InventoryMachine machine, TrackingStatus status) {
        Map<Integer, InventoryDisk> there = new LinkedHashMap<>();
        machine.disks().forEach(disk -> there.put(disk.key(), disk));
        Map<Integer, MachineDisk> replicated = replicated();
        List<Finding> findings = new ArrayList<>();
        for (DiskObstacle obstacle : status.disks()) {
            if (vm.added().isEmpty() || replicated.containsKey(obstacle.key())) {
                findings.add(Finding.error(
                        "disks", obstacle.reason(), "or leave it out: vm add … --from … --without " + obstacle.key()));
            }
        }
        replicated.forEach((key, disk) -> {
            InventoryDisk now = there.get(key);
            if (now == null) {
                findings.add(Finding.error(
                        "disks",
                        "disk %d is replicated, and the VM has none with this key (any more)".formatted(key),
                        "vm remove %s, then vm add".formatted(quoted)));
            } else {
                grown(disk.capacityBytes(), now).ifPresent(findings::add);
            }
        });
        there.values().stream()
                .filter(disk -> vm.added().isPresent() && !replicated.containsKey(disk.key()))
                .forEach(disk -> findings.add(Finding.warning(
                        "disks",
                        "disk %d '%s' (%s) is not replicated"
                                .formatted(disk.key(), disk.label(), Units.bytes(disk.capacityBytes())),
                        "to replicate it: vm remove %s, then vm add".formatted(quoted))));
        if (findings.isEmpty()) {
            findings.add(Finding.ok(
                    "disks",
                    "%d, %s in all, each held still by a snapshot"
                            .formatted(there.size(), Units.bytes(capacityBytes(machine)))));
        }
        return findings;
    }

    private Map<Integer, MachineDisk> replicated() {
        Map<Integer, MachineDisk> replicated = new LinkedHashMap<>();
        vm.added()
                .ifPresent(machine -> machine.disks().stream()
                        .filter(disk -> VCenterRef.isIn(disk.source()))
                        .forEach(disk ->
                                replicated.put(VCenterRef.parse(disk.source()).disk(), disk)));
        return replicated;
    }

    private static Optional<Finding> grown(OptionalLong before, InventoryDisk now) {
        return before.isEmpty() || before.getAsLong() == now.capacityBytes()
                ? Optional.empty()
                : Optional.of(Finding.warning(
                        "disks",
                        "disk %d has %s, and had %s at the last restore point: its changes since are not known"
                                .formatted(
                                        now.key(), Units.bytes(now.capacityBytes()), Units.bytes(before.getAsLong())),
                        "its next replication is full; see that its target has room"));
    }

    private List<Finding> snapshots(SnapshotState state) {
        List<Finding> findings = new ArrayList<>();
        if (state.chain() > SnapshotState.CHAIN_MAX) {
            findings.add(Finding.error(
                    "snapshots",
                    "a chain of %d, of 32 that vSphere can hold".formatted(state.chain() - 1),
                    "remove some in vCenter"));
        } else if (!state.others().isEmpty()) {
            findings.add(Finding.warning(
                    "snapshots",
                    "%d of other people: %s".formatted(state.others().size(), String.join(", ", state.others())),
                    "they slow the VM down, and tracking cannot be switched on above them: remove them in vCenter"));
        }
        for (OwnSnapshot own : state.own()) {
            SnapshotOwners.Verdict verdict = owners.judge(own);
            findings.add(
                    verdict.need() == Need.A_JOB
                            ? Finding.ok("snapshots", "%s of ours: %s".formatted(own.name(), verdict.reason()))
                            : Finding.warning(
                                    "snapshots",
                                    "%s of ours was left: %s".formatted(own.name(), verdict.reason()),
                                    "cleanup --vm %s%s"
                                            .formatted(quoted, verdict.need() == Need.NOBODY ? "" : " --unknown")));
        }
        if (state.consolidationNeeded()) {
            findings.add(Finding.warning(
                    "snapshots",
                    "the disks need consolidation",
                    "end what holds them, such as a backup, then Snapshots > Consolidate in vCenter"));
        }
        return findings.isEmpty() ? List.of(Finding.ok("snapshots", "none")) : findings;
    }

    private static long capacityBytes(InventoryMachine machine) {
        return machine.disks().stream().mapToLong(InventoryDisk::capacityBytes).sum();
    }
}
