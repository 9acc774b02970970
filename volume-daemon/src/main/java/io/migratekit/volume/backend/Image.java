package io.migratekit.volume.backend;

import java.nio.file.Path;

/**
 * Where an attached volume can be opened in this appliance.
 *
 * @param path a file or a block device
 * @param format what is in it
 */
public record Image(Path path, Format format) {

    /** How bytes lie in an image. */
    public enum Format {
        /** As a guest sees them. */
        RAW,
        /** With maps and a chain of backing files; only qemu reads it. */
        QCOW2
    }
}
