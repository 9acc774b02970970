package io.migratekit.source.image;

import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.AllocationRun;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a raw image holds, by the holes that its file system knows of; where it knows none, all is DATA. */
public final class ImageAllocation implements ChangeQuery {
    private static final Logger LOG = LoggerFactory.getLogger(ImageAllocation.class);
    private static final int PAGE_AREAS_MAX = 4096;

    private final FileDevice image;

    private ImageAllocation(FileDevice image) {
        this.image = image;
    }

    /** Opens the query over {@code image}, which is not changed. */
    public static ImageAllocation open(Path image) throws IOException {
        return new ImageAllocation(FileDevice.open(image, true));
    }

    @Override
    public Page page(long startBytes) throws IOException {
        List<Extent> areas = new ArrayList<>();
        long position = startBytes;
        while (position < image.sizeBytes() && areas.size() < PAGE_AREAS_MAX) {
            AllocationRun run = image.allocation(position, image.sizeBytes() - position);
            areas.add(new Extent(position, run.lengthBytes(), run.zero() ? Extent.Kind.ZERO : Extent.Kind.DATA));
            position += run.lengthBytes();
        }
        return new Page(startBytes, position - startBytes, areas);
    }

    @Override
    public void close() {
        try {
            image.close();
        } catch (IOException e) {
            LOG.warn("an image that was only read could not be closed", e);
        }
    }
}
