package io.migratekit.job.replication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells a target image from another file that was put in its place under the same name and with the same size: by its
 * file number, and by a label in an extended attribute, since a file system gives a freed number away again. A label
 * alone would not do, because it is copied with a backup.
 */
final class ImageIdentity {
    private static final String LABEL = "migratekit.volume"; // the JDK puts "user." before it
    private static final int LABEL_BYTES_MAX = 100;

    private ImageIdentity() {}

    /**
     * Returns the identity of an image, labelling it if it has no label yet, or of a block device; empty where nothing is
     * told of that.
     */
    static Optional<String> of(Path image) throws IOException {
        if (!Files.isRegularFile(image)) {
            return DeviceIdentity.of(image);
        }
        Object number;
        try {
            number = Files.getAttribute(image, "unix:ino");
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty(); // no such system
        }
        return Optional.of("file " + number
                + label(image).map(label -> " labelled " + label).orElse(""));
    }

    private static Optional<String> label(Path image) {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(image, UserDefinedFileAttributeView.class);
        if (view == null) {
            return Optional.empty();
        }
        try {
            if (!view.list().contains(LABEL)) {
                view.write(
                        LABEL,
                        StandardCharsets.US_ASCII.encode(UUID.randomUUID().toString()));
            }
            ByteBuffer label = ByteBuffer.allocate(LABEL_BYTES_MAX);
            view.read(LABEL, label);
            return Optional.of(StandardCharsets.US_ASCII.decode(label.flip()).toString());
        } catch (IOException e) {
            return Optional.empty(); // a file system without such attributes: the number has to do
        }
    }
}
