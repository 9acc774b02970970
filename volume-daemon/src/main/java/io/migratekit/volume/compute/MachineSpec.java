package io.migratekit.volume.compute;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a new machine is to be.
 *
 * @param name its host name: 1 to 63 letters, digits and '-', beginning with a letter, not ending with '-'
 * @param template what its first root disk is made of
 * @param offering the kind of machine
 * @param size for an offering that leaves it open
 * @param nics in order; the first is the default network; at least one
 */
public record MachineSpec(String name, ResourceId template, ResourceId offering, Optional<Size> size, List<Nic> nics) {

    /**
     * How large a machine is.
     *
     * @param cpus 1 or more
     * @param memoryMib 1 or more
     * @param cpuMhz for an offering that leaves it open too
     */
    public record Size(int cpus, int memoryMib, OptionalInt cpuMhz) {
        public Size {
            if (cpus < 1 || memoryMib < 1 || cpuMhz.orElse(1) < 1) {
                throw new IllegalArgumentException(
                        "a machine of %d CPUs and %d MiB; both must be 1 or more".formatted(cpus, memoryMib));
            }
        }
    }

    /**
     * One network card.
     *
     * @param network where it is plugged in
     * @param ipAddress a wish; else the cloud chooses
     * @param macAddress a wish; else the cloud chooses
     */
    public record Nic(ResourceId network, Optional<String> ipAddress, Optional<String> macAddress) {
        /** Returns a card whose addresses the cloud chooses. */
        public static Nic of(ResourceId network) {
            return new Nic(network, Optional.empty(), Optional.empty());
        }
    }

    public MachineSpec {
        nics = List.copyOf(nics);
        if (!name.matches("[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")) {
            throw new IllegalArgumentException(
                    "'%s' is no host name; 1 to 63 letters, digits and '-' are, beginning with a letter"
                            .formatted(name));
        }
        if (nics.isEmpty()) {
            throw new IllegalArgumentException("machine '%s' has no network; name at least one".formatted(name));
        }
    }
}
