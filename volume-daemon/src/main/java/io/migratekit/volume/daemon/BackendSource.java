package io.migratekit.volume.daemon;

import io.migratekit.volume.backend.VolumeBackend;
import java.util.List;
import java.util.Optional;

/** Where the daemon gets the back ends of clouds from. */
public interface BackendSource {

    /**
     * Opens the back end of the active cloud configuration. Nothing is asked of the cloud yet.
     *
     * @param installationId the ownership tag of volumes
     * @return empty if no configuration is active
     */
    Optional<VolumeBackend> active(String installationId);

    /**
     * Opens the back ends of all other configurations: volumes may be kept there, made when they were active. One that
     * cannot be opened is among them, and says why whenever it is asked.
     *
     * @param installationId the ownership tag of volumes
     */
    List<VolumeBackend> others(String installationId);

    /** Returns a source that knows no cloud. */
    static BackendSource none() {
        return new BackendSource() {
            @Override
            public Optional<VolumeBackend> active(String installationId) {
                return Optional.empty();
            }

            @Override
            public List<VolumeBackend> others(String installationId) {
                return List.of();
            }
        };
    }
}
