package io.migratekit.source.image;

import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.standing.StandingDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An image file as it was when we looked.
 *
 * @param identity with the file's number and time of change: a copy of a file that was written meanwhile begins anew
 */
record ImageDisk(Path image, SourceDisk disk, String identity) implements StandingDisk {

    @Override
    public Optional<ChangeId> changeId() {
        return Optional.empty();
    }

    @Override
    public ChangeQuery changes(Optional<ChangeId> since) throws IOException {
        if (since.isPresent()) {
            throw new SourceException.ChangesUnknown(
                    "what changed in image file '%s' is not known: files keep no track of changes".formatted(image));
        }
        return ImageAllocation.open(image);
    }

    @Override
    public DiskAccess open() throws IOException {
        return ServedImage.serve(image);
    }
}
