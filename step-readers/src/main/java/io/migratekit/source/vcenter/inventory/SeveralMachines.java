package io.migratekit.source.vcenter.inventory;

import java.util.List;

/** A name means several machines. Its message names some of them; {@link #candidates} has all. */
public final class SeveralMachines extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<InventoryMachine> candidates;

    SeveralMachines(String message, List<InventoryMachine> candidates) {
        super(message);
        this.candidates = List.copyOf(candidates);
    }

    /** Returns those that have the name, ordered by path. */
    public List<InventoryMachine> candidates() {
        return candidates;
    }
}
