package io.migratekit.source.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Tells files that are disk images of other formats: copied as they are, they would not be the disk. */
final class ImageFormat {
    private static final Map<String, String> MAGICS =
            Map.of("QFI\u00fb", "qcow2", "KDMV", "vmdk", "vhdxfile", "vhdx", "conectix", "vpc");
    private static final int MAGIC_BYTES = 8;

    private ImageFormat() {}

    static void refuseUnlessRaw(Path image) throws IOException {
        String head;
        try (InputStream in = Files.newInputStream(image)) {
            head = new String(in.readNBytes(MAGIC_BYTES), StandardCharsets.ISO_8859_1);
        }
        for (Map.Entry<String, String> magic : MAGICS.entrySet()) {
            if (head.startsWith(magic.getKey())) {
                throw new IllegalArgumentException(
                        "'%s' is a %s image, not a raw one. Serve it (qemu-nbd -r -k SOCKET -f %s FILE) and name nbd+unix:///?socket=SOCKET"
                                .formatted(image, magic.getValue(), magic.getValue()));
            }
        }
    }
}
