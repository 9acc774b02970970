package io.migratekit.volume.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a path leads to (inode(7)).
 *
 * @param type the type bits of st_mode
 * @param place what no other file or device has: a device may have several nodes, a file several hard links
 */
record Inode(int type, String place) {
    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_DEVICE = 0060000;
    private static final int TYPE_FILE = 0100000;

    static Inode of(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,dev,ino,rdev");
        int type = Integer.parseInt(String.valueOf(attributes.get("mode"))) & TYPE_MASK;
        String place = type == TYPE_DEVICE
                ? "device %s".formatted(attributes.get("rdev"))
                : "file %s %s".formatted(attributes.get("dev"), attributes.get("ino"));
        return new Inode(type, place);
    }

    /** Tells whether it is a block device. */
    boolean isDevice() {
        return type == TYPE_DEVICE;
    }

    boolean isFile() {
        return type == TYPE_FILE;
    }
}
