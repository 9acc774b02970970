package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.job.TargetRef;
import io.migratekit.job.lease.Lease;
import io.migratekit.source.DiskKey;
import io.migratekit.target.StopSignal;
import io.migratekit.volume.image.ImageExport;
import io.migratekit.volume.image.ImageExports;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Opens targets: NBD exports as they are; image files through an export of our own, made when missing; volumes through
 * the volume daemon.
 */
public final class Targets {
    private final TargetVolumes volumes;

    public Targets(TargetVolumes volumes) {
        this.volumes = volumes;
    }

    /**
     * Opens a target for writing.
     *
     * @param lease under which the job runs
     * @param disk whose target it is
     * @param capacityBytes size of the disk: a missing image is made with it, a smaller volume grows to it
     * @param stop ends waiting for the daemon
     */
    Target open(Lease lease, DiskKey disk, TargetRef ref, long capacityBytes, StopSignal stop) throws IOException {
        if (ref.volume().isPresent()) {
            return volumes.open(lease, ref, disk, capacityBytes, false, stop);
        }
        if (ref.image().isEmpty()) {
            return new Target(ref, ref.uri().orElseThrow(), false, Optional.empty(), () -> {});
        }
        Path image = ref.image().get();
        boolean fresh = make(image, capacityBytes);
        Optional<String> identity = ImageIdentity.of(image);
        ImageExport export = ImageExports.open(image, false);
        return new Target(ref, export.uri(), fresh, identity, export::close);
    }

    /** Opens an existing target for reading. */
    public Target openForReading(Lease lease, DiskKey disk, TargetRef ref, StopSignal stop) throws IOException {
        if (ref.volume().isPresent()) {
            return volumes.open(lease, ref, disk, 0, true, stop);
        }
        if (ref.image().isEmpty()) {
            return new Target(ref, ref.uri().orElseThrow(), false, Optional.empty(), () -> {});
        }
        ImageExport export = ImageExports.open(ref.image().get(), true);
        return new Target(ref, export.uri(), false, Optional.empty(), export::close);
    }

    /** Returns whether the target is an image file or a volume that does not exist. */
    boolean missing(TargetRef ref) {
        return ref.volume()
                .map(volume -> !volumes.exists(volume))
                .or(() -> ref.image().map(image -> !Files.exists(image)))
                .orElse(false);
    }

    /** Makes a sparse file, whole or not at all under its name, unless there is a file already. */
    private static boolean make(Path image, long capacityBytes) throws IOException {
        if (Files.exists(image)) {
            return false;
        }
        Path folder = image.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw JobException.Refused.unfit("target image %s cannot be made: folder %s does not exist. Create it first"
                    .formatted(image, folder));
        }
        Path draft = folder.resolve("." + image.getFileName() + ".migratekit-new");
        try (FileChannel file = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            if (capacityBytes > 0) {
                file.write(ByteBuffer.allocate(1), capacityBytes - 1);
            }
            file.force(true);
        }
        Files.move(draft, image);
        return true;
    }
}
