package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.VirtualMachineSnapshotInfo;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.Names;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.property.PropertyRow;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds all snapshots with our mark in a vCenter. Which of them a job still needs is for the caller to know. */
public final class Leftovers {
    private final VCenterSession session;

    public Leftovers(VCenterSession session) {
        this.session = session;
    }

    /**
     * A snapshot with our mark.
     *
     * @param machine name of its machine, as people see it
     * @param instanceUuid identity of its machine, in lower case
     * @param snapshot it
     */
    public record Leftover(String machine, String instanceUuid, OwnSnapshot snapshot) {}

    /** Returns all in one question, the oldest first. */
    public List<Leftover> list() throws SourceException {
        List<PropertyRow> machines = session.ask(
                "list the snapshots of its machines",
                vim -> new PropertyQuestion()
                        .of("VirtualMachine", "name", "config.instanceUuid", "snapshot")
                        .askAllBelow(vim, vim.content().getRootFolder()));
        List<Leftover> leftovers = new ArrayList<>();
        for (PropertyRow machine : machines) {
            String uuid = machine.text("config.instanceUuid").orElse("").toLowerCase(Locale.ROOT);
            MachineState.snapshots(machine.get("snapshot", VirtualMachineSnapshotInfo.class)).stream()
                    .flatMap(tree -> OwnSnapshot.of(tree).stream())
                    .map(own ->
                            new Leftover(machine.text("name").map(Names::shown).orElse(machine.id()), uuid, own))
                    .forEach(leftovers::add);
        }
        leftovers.sort(Comparator.comparing(leftover -> leftover.snapshot().taken()));
        return leftovers;
    }

    /** Removes one, and waits until it is gone and the disks of its machine are consolidated. */
    public void remove(Leftover leftover) throws SourceException {
        new TrackedMachine(session, leftover.instanceUuid())
                .removeSnapshot(leftover.snapshot().id());
    }
}
