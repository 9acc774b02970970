package io.migratekit.job.replication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells a block device from another one that has its name, by what the kernel says of it: the id of a logical volume, the
 * WWID or serial number of a disk, the id of a partition's own. A name such as {@code /dev/sdb} or {@code /dev/vg/web01}
 * goes to whoever comes first.
 */
final class DeviceIdentity {
    private static final int CHARACTERS_MAX = 100; // of its column
    private static final List<String> OF_DISK = List.of("dm/uuid", "wwid", "device/wwid", "serial", "device/serial");
    private static final String PARTITION_ID = "PARTUUID=";

    private DeviceIdentity() {}

    /** Returns the identity of a device; empty if the kernel tells none, or if it is no block device. */
    static Optional<String> of(Path device) throws IOException {
        return of(device.toRealPath(), Path.of("/sys/class/block"));
    }

    /**
     * Does the same.
     *
     * @param blocks the folder in which the kernel describes block devices
     */
    static Optional<String> of(Path device, Path blocks) throws IOException {
        Path name = device.getFileName();
        if (name == null || !Files.exists(blocks.resolve(name))) {
            return Optional.empty();
        }
        Path described = blocks.resolve(name).toRealPath();
        Optional<String> identity =
                Files.exists(described.resolve("partition")) ? ofPartition(described) : ofDisk(described);
        return identity.map(DeviceIdentity::shortened);
    }

    private static Optional<String> ofDisk(Path described) throws IOException {
        for (String file : OF_DISK) {
            Optional<String> text = text(described.resolve(file));
            if (text.isPresent()) {
                return Optional.of("device " + file + " " + text.get());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofPartition(Path described) throws IOException {
        Optional<String> own = text(described.resolve("uevent"))
                .flatMap(lines -> lines.lines()
                        .filter(line -> line.startsWith(PARTITION_ID) && line.length() > PARTITION_ID.length())
                        .findFirst());
        if (own.isPresent()) {
            return own.map(line -> "partition " + line.substring(PARTITION_ID.length()));
        }
        Path disk = described.getParent();
        Optional<String> number = text(described.resolve("partition"));
        return disk == null
                ? Optional.empty()
                : ofDisk(disk).flatMap(of -> number.map(n -> "partition " + n + " of " + of));
    }

    /** Attributes that do not apply can be there and fail to be read. */
    private static Optional<String> text(Path file) {
        try {
            return Files.isReadable(file)
                    ? Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1)
                                    .strip())
                            .filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String shortened(String identity) {
        return identity.length() <= CHARACTERS_MAX
                ? identity
                : "device " + UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8));
    }
}
