package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.Peer;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** Looks into images with qemu's own programs. */
final class Qemu {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private Qemu() {}

    /** Sets bytes of an image. */
    static void write(Path image, Image.Format format, long offsetBytes, int countBytes, int value) {
        String said = Peer.run(
                        TIMEOUT,
                        "qemu-io",
                        "-f",
                        word(format),
                        "-c",
                        "write -P %d %d %d".formatted(value, offsetBytes, countBytes),
                        image.toString())
                .orFail();
        assertThat(said).contains("wrote");
    }

    /** Returns all that a guest would see. */
    static byte[] content(Path image, Image.Format format) {
        try {
            Path raw = Files.createTempFile("content", ".raw");
            try {
                Peer.run(
                                TIMEOUT,
                                "qemu-img",
                                "convert",
                                "-f",
                                word(format),
                                "-O",
                                "raw",
                                image.toString(),
                                raw.toString())
                        .orFail();
                return Files.readAllBytes(raw);
            } finally {
                Files.delete(raw);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String word(Image.Format format) {
        return format.name().toLowerCase(Locale.ROOT);
    }
}
