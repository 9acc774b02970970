package io.migratekit.volume.daemon;

import io.migratekit.volume.backend.VolumeBackend;
import java.util.Optional;

/** Where the daemon gets the back end of a cloud from. */
@FunctionalInterface
public interface BackendSource {

    /**
     * Opens the back end of the active cloud configuration. Nothing is asked of the cloud yet.
     *
     * @param installationId the ownership tag of volumes
     * @return empty if no configuration is active
     */
    Optional<VolumeBackend> cloud(String installationId);

    /** Returns a source that knows no cloud. */
    static BackendSource none() {
        return installationId -> Optional.empty();
    }
}
