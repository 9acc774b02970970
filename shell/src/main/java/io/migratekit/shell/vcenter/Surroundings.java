package io.migratekit.shell.vcenter;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.Inventory;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.SeveralMachines;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The VMs that a vCenter's account is about: all, or those of its datacenter. */
public final class Surroundings {
    private final Inventory inventory;
    private final Optional<String> datacenter;

    public Surroundings(VmwareCredential account, VCenterSession session) {
        this.inventory = new Inventory(session);
        this.datacenter = account.datacenter();
    }

    /** Returns them, ordered by path, in one question for all. */
    public List<InventoryMachine> machines() throws SourceException {
        return inventory.machines().stream()
                .filter(machine -> datacenter.isEmpty()
                        || datacenter.get().equals(machine.datacenter().orElse("")))
                .toList();
    }

    /**
     * Returns some of them.
     *
     * @param filter what their names or paths have in them, in any case; or an instance UUID; empty for all
     */
    public List<InventoryMachine> machines(Optional<String> filter) throws SourceException {
        String wanted = filter.orElse("").toLowerCase(Locale.ROOT);
        return machines().stream()
                .filter(machine -> machine.name().toLowerCase(Locale.ROOT).contains(wanted)
                        || machine.path().toLowerCase(Locale.ROOT).contains(wanted)
                        || machine.instanceUuid().equals(wanted))
                .toList();
    }

    /**
     * Finds a VM by its whole name, its path or its instance UUID.
     *
     * @throws SourceException.NotFound if there is none, with those that are alike
     * @throws CommandFailure with the candidates, if there are several
     */
    InventoryMachine find(String words) throws SourceException {
        List<InventoryMachine> machines = machines();
        try {
            return inventory.find(machines, words);
        } catch (SeveralMachines several) {
            throw new CommandFailure(ExitCode.NEEDS_DECISION, String.valueOf(several.getMessage()), several);
        }
    }
}
