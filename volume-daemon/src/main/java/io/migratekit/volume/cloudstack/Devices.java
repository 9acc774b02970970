package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.cloudstack.api.Patience;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Devices of volumes in this machine. A device is found by the serial number that the hypervisor gives it, never by its
 * size, its order or its letter, and is taken for the volume's only if nothing speaks against it.
 */
final class Devices {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String PREFIX = "virtio-";

    private final Path folder;
    private final Path blockFolder;
    private final Duration timeout;

    Devices(CloudStackSettings settings) {
        this.folder = settings.deviceFolder();
        this.blockFolder = settings.blockFolder();
        this.timeout = settings.deviceTimeout();
    }

    /**
     * Looks whether devices can appear here at all.
     *
     * @throws VolumeException of kind FAILED if their folder is not there
     */
    String check() {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(folder, PREFIX + "*")) {
            int count = 0;
            for (Path link : links) {
                count += link.getFileName().toString().contains("-part") ? 0 : 1;
            }
            return "%d virtio disks with a serial number in %s".formatted(count, folder);
        } catch (IOException e) {
            throw new VolumeException(
                    Kind.FAILED,
                    "%s cannot be read (%s), so no volume's device would be found; is udev running?"
                            .formatted(folder, e),
                    e);
        }
    }

    /**
     * Waits until a volume's device is there and in order.
     *
     * @throws VolumeException of kind FAILED if it does not come, or is not this volume's
     */
    Path await(CloudVolume volume) {
        Patience patience = Patience.of(timeout, POLL, 1);
        Optional<String> fault = fault(volume);
        while (fault.isPresent() && patience.pause()) {
            fault = fault(volume);
        }
        return checked(volume, fault);
    }

    /**
     * Returns a volume's device.
     *
     * @throws VolumeException of kind FAILED if it is not there, or is not this volume's
     */
    Path now(CloudVolume volume) {
        return checked(volume, fault(volume));
    }

    /** Returns a volume's device if it is there and in order. */
    Optional<Path> seen(CloudVolume volume) {
        return fault(volume).isEmpty() ? Optional.of(path(volume.id())) : Optional.empty();
    }

    /**
     * Waits until a detached volume's device is gone.
     *
     * @throws VolumeException of kind UNAVAILABLE if it stays, since something here may still write to it
     */
    void awaitGone(VolumeId id) {
        Patience patience = Patience.of(timeout, POLL, 1);
        while (Files.exists(path(id))) {
            if (!patience.pause()) {
                throw new VolumeException(
                        Kind.UNAVAILABLE,
                        "volume %s is detached, and its device %s is still here after %d ms; end what has it open"
                                .formatted(id, path(id), timeout.toMillis()));
            }
        }
    }

    private Path path(VolumeId id) {
        return folder.resolve(PREFIX + id.serial());
    }

    private Path checked(CloudVolume volume, Optional<String> fault) {
        if (fault.isPresent()) {
            throw new VolumeException(
                    Kind.FAILED,
                    "volume %s is attached to this appliance's VM, and %s; nothing is read or written there. Look at 'lsblk -o NAME,SIZE,SERIAL', and detach and attach it again"
                            .formatted(volume.id(), fault.get()));
        }
        return path(volume.id());
    }

    /** Returns what speaks against the device. */
    private Optional<String> fault(CloudVolume volume) {
        Path path = path(volume.id());
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of("its device %s does not appear".formatted(path));
        }
        if (!Files.exists(path)) {
            return Optional.of("its device %s is a link that leads to nothing".formatted(path));
        }
        try {
            return fault(volume, path, path.toRealPath());
        } catch (IOException e) {
            return Optional.of("its device %s cannot be looked at (%s)".formatted(path, e));
        }
    }

    private Optional<String> fault(CloudVolume volume, Path path, Path device) throws IOException {
        Optional<String> serial = serial(device);
        if (serial.isPresent() && !serial.get().equals(volume.id().serial())) {
            return Optional.of("%s leads to %s, which has the serial number '%s' and so is another volume's device"
                    .formatted(path, device, serial.get()));
        }
        Optional<Path> twin = twin(path, device);
        if (twin.isPresent()) {
            return Optional.of("%s leads to %s, and so does %s, so it is unknown whose device that is"
                    .formatted(path, device, twin.get().getFileName()));
        }
        long sizeBytes = sizeBytes(device);
        if (sizeBytes != volume.sizeBytes()) {
            return Optional.of("%s leads to %s of %d bytes where the volume has %d, so it is not this volume's device"
                    .formatted(path, device, sizeBytes, volume.sizeBytes()));
        }
        return Optional.empty();
    }

    /** Returns the serial number that the kernel was given for a device; other kinds than virtio show none there. */
    private Optional<String> serial(Path device) throws IOException {
        Path file = blockFolder.resolve(device.getFileName()).resolve("serial");
        return Files.exists(file)
                ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private Optional<Path> twin(Path path, Path device) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path other : others) {
                if (!other.equals(path)
                        && Files.exists(other)
                        && other.toRealPath().equals(device)) {
                    return Optional.of(other);
                }
            }
        }
        return Optional.empty();
    }

    private static long sizeBytes(Path device) throws IOException {
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.READ)) {
            return channel.size(); // of block devices as well
        }
    }
}
