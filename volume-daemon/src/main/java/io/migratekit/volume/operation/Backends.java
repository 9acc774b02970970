package io.migratekit.volume.operation;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.backend.VolumeBackend;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The back ends that are configured.
 *
 * @param all each with a name of its own; the first one gets new volumes
 */
public record Backends(List<VolumeBackend> all) {
    public Backends {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no back end for volumes is configured");
        }
    }

    /** Returns where new volumes are made. */
    VolumeBackend forNew() {
        return all.get(0);
    }

    /**
     * Returns the back end that keeps a volume.
     *
     * @throws VolumeException if it is not configured
     */
    VolumeBackend of(Volume volume) {
        return named(volume.backend(), "volume '%s' is kept".formatted(volume.name()));
    }

    /**
     * Returns a back end.
     *
     * @param what was done by it, for people
     * @throws VolumeException if it is not configured
     */
    VolumeBackend named(String name, String what) {
        return all.stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new VolumeException(
                        Kind.REFUSED,
                        "%s by back end '%s', which is not configured here (%s is); check 'ossea list' and migratekit.volumes.backend"
                                .formatted(
                                        what,
                                        name,
                                        all.stream().map(VolumeBackend::name).collect(Collectors.joining(", ")))));
    }
}
