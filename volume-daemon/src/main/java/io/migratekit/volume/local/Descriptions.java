package io.migratekit.volume.local;

import io.migratekit.volume.backend.BackendVolume;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the daemon how volumes of the pool are. */
final class Descriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Descriptions.class);

    private final Pool pool;
    private final Attachments attachments;
    private final String installationId;

    Descriptions(Pool pool, Attachments attachments, String installationId) {
        this.pool = pool;
        this.attachments = attachments;
        this.installationId = installationId;
    }

    BackendVolume of(StoredVolume volume) throws IOException {
        return new BackendVolume(
                volume.id(),
                volume.name(),
                pool.sizeBytes(volume),
                isOurs(volume),
                attachments.of(volume),
                volume.snapshots().stream().map(StoredSnapshot::set).collect(Collectors.toSet()));
    }

    Optional<BackendVolume> ofAny(Optional<StoredVolume> volume) throws IOException {
        return volume.isPresent() ? Optional.of(of(volume.get())) : Optional.empty();
    }

    /** Leaves out what is damaged, and says so in the log. */
    List<BackendVolume> ofOurs() throws IOException {
        Pool.Content content = pool.content();
        content.damaged().forEach(Descriptions::warn);
        List<BackendVolume> described = new ArrayList<>();
        for (StoredVolume volume : content.volumes()) {
            if (isOurs(volume)) {
                try {
                    described.add(of(volume));
                } catch (DamagedVolume e) {
                    warn(e);
                }
            }
        }
        return List.copyOf(described);
    }

    private boolean isOurs(StoredVolume volume) {
        return volume.owner().equals(installationId);
    }

    private static void warn(DamagedVolume damaged) {
        LOG.warn("{}", damaged.getMessage());
    }
}
