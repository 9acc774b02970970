package io.migratekit.volume.operation;

import io.migratekit.volume.Difference;
import io.migratekit.volume.Difference.Kind;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Takes volumes that have come back into use again, each by an operation. */
final class Reinstatement {
    /** What is ahead of it on the volume may take its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Volumes volumes;

    Reinstatement(Volumes volumes) {
        this.volumes = volumes;
    }

    /** Repairs what a comparison found to have come back; the others are returned as they are. */
    List<Difference> of(List<Difference> found) {
        return found.stream()
                .map(difference -> difference.kind() == Kind.VOLUME_RETURNED ? repaired(difference) : difference)
                .toList();
    }

    private Difference repaired(Difference returned) {
        VolumeId id = new VolumeId(returned.which());
        try {
            volumes.perform("reinstate-" + UUID.randomUUID(), new VolumeRequest.Reinstate(id), PATIENCE);
            return new Difference(returned.kind(), returned.which(), returned.detail(), returned.owned(), true);
        } catch (VolumeException e) {
            String detail = "%s; not repaired: %s".formatted(returned.detail(), e.getMessage());
            return new Difference(returned.kind(), returned.which(), detail, returned.owned(), false);
        }
    }
}
