package io.migratekit.volume.compute;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A machine as the cloud knows it now.
 *
 * @param id the cloud's
 * @param name its host name
 * @param displayName as the cloud shows it to people
 * @param state how it is
 * @param owned whether we made it; what we did not make is never removed
 * @param cpus how many
 * @param memoryMib how much
 * @param nics in the cloud's order
 */
public record Machine(
        MachineId id,
        String name,
        String displayName,
        State state,
        boolean owned,
        int cpus,
        int memoryMib,
        List<Nic> nics) {

    /** How a machine is. */
    public enum State {
        RUNNING,
        STOPPED,
        /** On the way to another state. */
        CHANGING,
        /** Removed, or about to be. */
        GONE,
        /** The cloud does not know, or has given up on it. */
        ERROR
    }

    /**
     * One network card.
     *
     * @param network where it is plugged in
     * @param networkName for people
     * @param macAddress in lower case
     * @param ipAddress if it has one
     * @param isDefault whether its network has the default route
     */
    public record Nic(
            ResourceId network, String networkName, String macAddress, Optional<String> ipAddress, boolean isDefault) {
        public Nic {
            macAddress = macAddress.toLowerCase(Locale.ROOT);
        }
    }

    public Machine {
        nics = List.copyOf(nics);
    }
}
