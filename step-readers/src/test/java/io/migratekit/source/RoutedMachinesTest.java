package io.migratekit.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.source.lab.Lab;
import io.migratekit.source.lab.LabVm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RoutedMachinesTest {
    private static final DiskKey FIRST = new DiskKey("1");
    private static final DiskKey SECOND = new DiskKey("2");

    @TempDir
    Path folder;

    @Test
    void refusesAReferenceOfNoKind() {
        assertThatThrownBy(() -> open(Map.of(FIRST, new SourceRef("ftp://host/disk"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("source 'ftp://host/disk' is none of:")
                .hasMessageContaining("nbd+unix:///");
    }

    @Test
    void refusesAMachineWithoutDisks() {
        assertThatThrownBy(() -> open(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no disks");
    }

    @Test
    void refusesToMixALabDiskWithAnImage() {
        assertThatThrownBy(() ->
                        open(Map.of(FIRST, new SourceRef("lab:/lab/vm/2000"), SECOND, new SourceRef("/image.raw"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one moment");
    }

    @Test
    void refusesToMixDisksOfTwoMachinesOfALab() throws IOException {
        Lab lab = Lab.open(folder);
        LabVm one = lab.create("one", 0, 1, 1 << 20);
        LabVm two = lab.create("two", 0, 1, 1 << 20);

        assertThatThrownBy(() -> open(Map.of(
                        FIRST,
                        one.ref(one.diskKeys().get(0)),
                        SECOND,
                        two.ref(two.diskKeys().get(0)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one moment");
    }

    @Test
    void opensImagesOfAnyPlaceTogether() throws IOException {
        Path one = TestImage.sparse(folder.resolve("one.raw"), 1 << 20, 1);
        Path two = TestImage.sparse(folder.resolve("two.raw"), 1 << 20, 2);

        try (SourceMachine machine =
                open(Map.of(FIRST, new SourceRef(one.toString()), SECOND, new SourceRef("file:" + two)))) {
            assertThat(machine.disks()).hasSize(2);
        }
    }

    private static SourceMachine open(Map<DiskKey, SourceRef> disks) throws IOException {
        return SourceProbe.machines().open("vm", disks);
    }
}
