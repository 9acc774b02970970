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
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Opens targets: NBD exports as they are; image files through an export of our own, made when missing; volumes through
 * the volume daemon.
 */
public final class Targets {
    private static final int STORE_CHARACTERS_MAX = 500;

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

    /**
     * Fails if a missing image cannot be made where it belongs, or if its folder is on another file system than it was seen
     * on: then it is more likely not mounted than gone. To be asked before anything is concluded from its absence.
     *
     * @param seenOn the file system on which it was last seen; empty if that does not matter
     * @throws JobException.Refused with what to do
     */
    void checkPlace(TargetRef ref, Optional<String> seenOn) {
        Optional<Path> image = ref.image();
        if (image.isEmpty()) {
            return;
        }
        Path folder = folder(image.get());
        Optional<String> now = store(folder);
        if (seenOn.isPresent() && now.isPresent() && !seenOn.equals(now)) {
            throw JobException.Refused.unfit(
                    "target image %s is not there, and its folder %s is on file system '%s' now; the image was last seen on '%s'. Is that not mounted? Mount it and start again, or start with --mode full to make the image anew where its folder is now"
                            .formatted(image.get(), folder, now.get(), seenOn.get()));
        }
    }

    /** Returns the file system that an image is on; empty for what is no image. */
    static Optional<String> store(TargetRef ref) {
        Path folder = ref.image().map(Path::getParent).orElse(null);
        return folder == null || !Files.isRegularFile(ref.image().orElseThrow()) ? Optional.empty() : store(folder);
    }

    private static Optional<String> store(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            String name = store.name() + " (" + store.type() + ")";
            return Optional.of(name.length() <= STORE_CHARACTERS_MAX ? name : name.substring(0, STORE_CHARACTERS_MAX));
        } catch (IOException e) {
            return Optional.empty(); // no mount is told of here, as in some containers: then nothing can be compared
        }
    }

    private static Path folder(Path image) {
        if (image.startsWith("/dev")) {
            throw JobException.Refused.unfit(
                    "target device %s is not there, and devices are not made here. Attach or activate it, then start again"
                            .formatted(image));
        }
        Path folder = image.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw JobException.Refused.unfit(
                    "target image %s cannot be made: there is no folder %s, or it may not be entered. Mount or create it first"
                            .formatted(image, folder));
        }
        if (!Files.isWritable(folder)) {
            throw JobException.Refused.unfit(
                    "target image %s cannot be made: folder %s may not be written to. Change its rights, or who runs this"
                            .formatted(image, folder));
        }
        return folder;
    }

    /** Makes a sparse file, whole or not at all under its name, unless there is a file already. */
    private static boolean make(Path image, long capacityBytes) throws IOException {
        if (Files.exists(image)) {
            return false;
        }
        Path folder = folder(image);
        Path draft = folder.resolve("." + image.getFileName() + ".migratekit-new");
        try (FileChannel file = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            if (capacityBytes > 0) {
                file.write(ByteBuffer.allocate(1), capacityBytes - 1);
            }
            file.force(true);
            Files.move(draft, image);
        } catch (IOException e) {
            Files.deleteIfExists(draft);
            throw e;
        }
        return true;
    }
}
