package io.migratekit.shell.vcenter;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.source.vcenter.VCenterRef;
import io.migratekit.source.vcenter.VCenters;
import io.migratekit.source.vcenter.inventory.Inventory;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.tracking.TrackedMachine;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A VM in its vCenter, as a command names it: one that was added, or else one that the vCenter knows.
 *
 * @param name for people
 * @param added what we know of it, if it was added
 * @param session at its vCenter; closed with this
 * @param instanceUuid its identity there
 */
public record SourceVm(String name, Optional<Machine> added, VCenterSession session, String instanceUuid)
        implements AutoCloseable {

    /** Adds the argument and the option that {@link #open} reads. */
    static Syntax.Builder in(Syntax.Builder syntax) {
        return syntax.argument(
                        "vm", "a VM that was added; else its name, path or UUID in the vCenter", Completes.VM_NAMES)
                .option(VcenterCommands.vcenterOption());
    }

    /**
     * Logs in where the VM is.
     *
     * @throws io.migratekit.source.SourceException.NotFound if there is no such VM
     * @throws CommandFailure if several have the name, or the one that was added is not of a vCenter
     */
    static SourceVm open(Services services, Invocation call) throws IOException {
        return open(services, call.argument(0), call.value("vcenter"));
    }

    /**
     * Does the same for a VM that is named otherwise.
     *
     * @param words a VM that was added; else its name, path or UUID in the vCenter
     * @param vcenter name of the account where it is looked for even if it was added
     * @throws io.migratekit.source.SourceException.NotFound if there is no such VM, with those that are alike
     * @throws CommandFailure with the candidates, if several have the name; or if the one that was added is not of a
     *     vCenter
     */
    public static SourceVm open(Services services, String words, Optional<String> vcenter) throws IOException {
        Optional<Machine> added = services.service(MachineCatalog.class).list().stream()
                .filter(machine -> machine.name().equals(words))
                .findFirst();
        return added.isPresent() && vcenter.isEmpty() ? opened(services, added.get()) : found(services, vcenter, words);
    }

    /**
     * Does the same for what changes the VM: a name that was given here must not be the name or path of another VM in the
     * vCenter, as nobody could tell which of them was meant.
     *
     * @throws CommandFailure also if it is, with all that have it
     */
    public static SourceVm openToChange(Services services, String words, Optional<String> vcenter) throws IOException {
        SourceVm vm = open(services, words, vcenter);
        try {
            if (vm.added().isPresent()) {
                requireOne(words, vm.instanceUuid(), new Inventory(vm.session()).machines());
            }
            return vm;
        } catch (IOException | RuntimeException e) {
            vm.close();
            throw e;
        }
    }

    private static void requireOne(String words, String meant, List<InventoryMachine> machines) {
        List<InventoryMachine> named = machines.stream()
                .filter(machine -> machine.instanceUuid().equals(meant)
                        || machine.name().equals(words)
                        || machine.path().equals(words))
                .toList();
        if (named.stream().anyMatch(machine -> !machine.instanceUuid().equals(meant))) {
            throw new CommandFailure(
                    ExitCode.NEEDS_DECISION,
                    "'%s' was added under this name, and it also is the name of another VM in the vCenter: %s. Name the one that is meant by its path or instance UUID"
                            .formatted(
                                    words,
                                    named.stream()
                                            .map(machine -> "%s (%s)%s"
                                                    .formatted(
                                                            machine.path(),
                                                            machine.instanceUuid(),
                                                            machine.instanceUuid()
                                                                            .equals(meant)
                                                                    ? ", which was added"
                                                                    : ""))
                                            .collect(Collectors.joining("; "))));
        }
    }

    /** Logs in where a VM is that was added. */
    static SourceVm opened(Services services, Machine machine) throws IOException {
        VCenterRef disk = AddedMachines.disk(machine)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.FAILED,
                        "VM '%s' is not of a vCenter: its first disk is %s"
                                .formatted(
                                        machine.name(), machine.disks().get(0).source())));
        VCenterSession session = services.service(VCenters.class).of(machine.name(), disk);
        return new SourceVm(machine.name(), Optional.of(machine), session, disk.machine());
    }

    private static SourceVm found(Services services, Optional<String> vcenter, String words) throws IOException {
        VmwareCredential account = Choice.vcenter(services, vcenter);
        VCenterSession session = services.service(VCenters.class).named(account.name());
        try {
            InventoryMachine found = new Surroundings(account, session).find(words);
            return new SourceVm(found.name(), Optional.empty(), session, found.instanceUuid());
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Returns the VM and its change tracking. */
    public TrackedMachine tracked() {
        return new TrackedMachine(session, instanceUuid);
    }

    @Override
    public void close() {
        session.close();
    }
}
