package io.migratekit.volume.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.volume.VolumeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageExportsTest {
    @TempDir
    Path folder;

    @Test
    void servesAnImageAndWritesReachTheFile() throws IOException {
        Path image = image("disk.raw", 8192);
        try (ImageExport export = ImageExports.open(image, false);
                NbdClient client = NbdClient.connect(export.uri(), ClientOptions.defaults())) {
            assertThat(client.export().sizeBytes()).isEqualTo(8192);
            client.write(4096, ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            client.flush();
        }
        assertThat(Files.readAllBytes(image))
                .hasSize(8192)
                .startsWith(0, 0)
                .contains(1, org.assertj.core.data.Index.atIndex(4096));
    }

    @Test
    void keepsOthersOutOfTheSocketsFolderAndRemovesItInTheEnd() throws IOException {
        Path socketFolder;
        try (ImageExport export = ImageExports.open(image("disk.raw", 4096), true)) {
            socketFolder = ((NbdUri.Unix) export.uri().address()).path().getParent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socketFolder)))
                    .isEqualTo("rwx------");
        }
        assertThat(socketFolder).doesNotExist();
    }

    @Test
    void anImageHasOneWriterAtATime() throws IOException {
        Path image = image("disk.raw", 8192);
        try (ImageExport writer = ImageExports.open(image, false)) {
            assertThat(writer.uri()).isNotNull();
            assertThatThrownBy(() -> ImageExports.open(image, false))
                    .isInstanceOfSatisfying(
                            VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.REFUSED))
                    .hasMessageContaining("open elsewhere")
                    .hasMessageContaining(image.toString());
        }
        ImageExports.open(image, false).close(); // free again
    }

    @Test
    void refusesWritesToAReadOnlyImage() throws IOException {
        try (ImageExport export = ImageExports.open(image("disk.raw", 4096), true);
                NbdClient client = NbdClient.connect(export.uri(), ClientOptions.defaults())) {
            assertThat(client.export().readOnly()).isTrue();
        }
    }

    @Test
    void namesAnImageThatDoesNotExist() {
        Path missing = folder.resolve("missing.raw");
        assertThatThrownBy(() -> ImageExports.open(missing, false)).isInstanceOf(NoSuchFileException.class);
        assertThat(missing).doesNotExist();
    }

    @Test
    void servesSeveralImagesByNameOnOneSocket() throws IOException {
        NbdUri.Address address = new NbdUri.Unix(folder.resolve("s"));
        try (ExportListener listener = ExportListener.listen(address, Optional.empty())) {
            NbdUri first = listener.add("a", image("a.raw", 4096), false);
            NbdUri second = listener.add("b b", image("b.raw", 12288), true);
            assertThat(sizeBytes(first)).isEqualTo(4096);
            assertThat(sizeBytes(second)).isEqualTo(12288);
            assertThatThrownBy(() -> listener.add("a", image("c.raw", 1), false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void servesAnImageUnderTwoNamesOnlyForReading() throws IOException {
        Path image = image("a.raw", 4096);
        Path hardLink = Files.createLink(folder.resolve("hard.raw"), image);
        try (ExportListener listener = ExportListener.listen(new NbdUri.Unix(folder.resolve("s")), Optional.empty())) {
            listener.add("a", image, true);
            listener.add("also a", hardLink, true);
            assertThatThrownBy(() -> listener.add("b", hardLink, false))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is served as 'a' already")
                    .hasMessageContaining("Give each export its own image");
            Path other = image("c.raw", 8192);
            listener.add("c", other, false);
            assertThatThrownBy(() -> listener.add("d", other, true)).hasMessageContaining("is served as 'c' already");
        }
    }

    @Test
    void sweepsTheSocketFolderOfADeadProcess() throws IOException {
        Path left = Path.of(System.getProperty("java.io.tmpdir"), "migratekit-nbd-99999999-left");
        Files.createDirectories(left);
        Files.deleteIfExists(left.resolve("s"));
        Files.createFile(left.resolve("s"));
        ImageExports.open(image("disk.raw", 4096), true).close();
        assertThat(left).doesNotExist();
    }

    private static long sizeBytes(NbdUri uri) throws IOException {
        try (NbdClient client = NbdClient.connect(uri, ClientOptions.defaults())) {
            return client.export().sizeBytes();
        }
    }

    private Path image(String name, int sizeBytes) throws IOException {
        return Files.write(folder.resolve(name), new byte[sizeBytes]);
    }
}
