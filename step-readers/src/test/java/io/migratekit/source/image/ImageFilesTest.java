package io.migratekit.source.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceMachineContract;
import io.migratekit.source.SourceProbe;
import io.migratekit.source.SourceRef;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.TestImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageFilesTest extends SourceMachineContract {
    private static final DiskKey FIRST = new DiskKey("1");
    private static final DiskKey SECOND = new DiskKey("2");

    @TempDir
    Path folder;

    @BeforeEach
    void makeImages() {
        TestImage.sparse(folder.resolve("root disk.raw"), (20 << 20) + 513, 1);
        TestImage.sparse(folder.resolve("data.raw"), 5 << 20, 2);
    }

    @Override
    protected Map<DiskKey, SourceRef> disks() {
        Map<DiskKey, SourceRef> disks = new LinkedHashMap<>();
        disks.put(FIRST, new SourceRef(folder.resolve("root disk.raw").toString()));
        disks.put(SECOND, new SourceRef(folder.resolve("data.raw").toUri().toString()));
        return disks;
    }

    @Override
    protected byte[] content(DiskKey disk) {
        return TestImage.content(folder.resolve(disk.equals(FIRST) ? "root disk.raw" : "data.raw"));
    }

    @Override
    protected SourceRef missing() {
        return new SourceRef(folder.resolve("none.raw").toString());
    }

    @Test
    void beginsAnewWhenAFileWasWrittenMeanwhile() throws IOException {
        String reference;
        try (SourceMachine machine = open()) {
            reference = machine.takeSnapshot("job").reference();
        }
        TestImage.write(folder.resolve("data.raw"), 0, new byte[] {1});

        try (SourceMachine machine = open()) {
            assertThat(machine.findSnapshot(reference)).isEmpty();
        }
    }

    @Test
    void refusesAFileInAnotherFormat() throws IOException {
        Path image = folder.resolve("disk.qcow2");
        Files.write(image, "QFI\u00fb\0\0\0\3".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> SourceProbe.machines().open("vm", Map.of(FIRST, new SourceRef(image.toString()))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a qcow2 image, not a raw one");
    }

    @Test
    void servesAFileOfSizeZero() throws IOException {
        Path image = Files.createFile(folder.resolve("empty.raw"));

        try (SourceMachine machine =
                SourceProbe.machines().open("vm", Map.of(FIRST, new SourceRef(image.toString())))) {
            SourceSnapshot snapshot = machine.takeSnapshot("job");

            assertThat(SourceProbe.plan(snapshot, FIRST, Optional.empty()).split(4))
                    .isEmpty();
        }
    }
}
