package io.migratekit.source.image;

import io.migratekit.nbd.file.FileDevice;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceRef;
import io.migratekit.source.standing.StandingDisk;
import io.migratekit.source.standing.StandingDisks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Disks named by files. */
final class ImageFiles implements StandingDisks {
    private static final String SCHEME = "file:";

    @Override
    public String form() {
        return "a raw image file (/images/web01.raw)";
    }

    @Override
    public boolean accepts(SourceRef ref) {
        return ref.text().startsWith(SCHEME) || ref.text().matches("[/.].*|[^:]*");
    }

    @Override
    public StandingDisk look(DiskKey key, SourceRef ref) throws IOException {
        Path image = path(ref);
        if (!Files.exists(image) || Files.isDirectory(image)) {
            throw new SourceException.NotFound("there is no image file '%s'".formatted(image));
        }
        if (!Files.isReadable(image)) {
            throw new SourceException.NotFound("image file '%s' may not be read by this user".formatted(image));
        }
        ImageFormat.refuseUnlessRaw(image);
        BasicFileAttributes attributes = Files.readAttributes(image, BasicFileAttributes.class);
        try (FileDevice device = FileDevice.open(image, true)) {
            String identity = "%s of %d bytes, file %s, written %s"
                    .formatted(image, device.sizeBytes(), attributes.fileKey(), attributes.lastModifiedTime());
            SourceDisk disk =
                    new SourceDisk(key, String.valueOf(image.getFileName()), image.toString(), device.sizeBytes());
            return new ImageDisk(image, disk, identity);
        }
    }

    private static Path path(SourceRef ref) {
        try {
            String text = ref.text();
            Path path = text.startsWith(SCHEME + "/") ? Path.of(URI.create(text)) : Path.of(withoutScheme(text));
            return path.toAbsolutePath().normalize();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'%s' is no file name: %s".formatted(ref, e.getMessage()), e);
        }
    }

    private static String withoutScheme(String text) {
        return text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
    }
}
