package io.migratekit.volume.backend;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a step remembers, kept in memory; it can end the call like a kill at any value that is stored. */
public final class CutMemory implements StepMemory {
    private static final int NEVER = -1;

    private final Map<String, String> values = new HashMap<>();
    private int putsLeft = NEVER;
    private boolean lost;

    /** The end of a call that was killed. */
    public static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Lets the call die at one of the next puts.
     *
     * @param puts how many succeed before
     * @param lost whether the fatal one is lost, or stored
     */
    public void killAfter(int puts, boolean lost) {
        this.putsLeft = puts;
        this.lost = lost;
    }

    /** Lets it live from here on. */
    public void revive() {
        putsLeft = NEVER;
    }

    @Override
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public void put(String name, String value) {
        boolean fatal = putsLeft == 0;
        if (!fatal || !lost) {
            values.put(name, value);
        }
        if (fatal) {
            throw new Killed();
        }
        putsLeft = putsLeft == NEVER ? NEVER : putsLeft - 1;
    }
}
