package io.migratekit.volume.export;

import static io.migratekit.volume.export.EngineRoom.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.backend.Image;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image that another program has open, as a virtual machine has its disks; the same with both engines. */
@NeedsPeer({"qemu-storage-daemon", "qemu-nbd", "qemu-io"})
@Timeout(60)
final class ImageElsewhereIT {
    @TempDir
    Path folder;

    @Test
    void theEmbeddedEngineTakesNoImageThatIsOpenElsewhere() {
        takesNoImageThatIsOpen(ExportEngines::embedded);
    }

    @Test
    void theStorageDaemonTakesNoImageThatIsOpenElsewhere() {
        takesNoImageThatIsOpen(ExportEngines::qemu);
    }

    @Test
    void whatTheEmbeddedEngineServesOtherProgramsCannotWrite() {
        try (EngineRoom room = EngineRoom.onUnixSocket(folder, ExportEngines::embedded)) {
            Image image = room.raw("a.raw", 1 << 20);
            ExportName name = fresh();
            room.engine().add(name, image, false);
            assertThat(writeFromOutside(image).exitCode()).isNotZero();
            room.engine().remove(name);
            writeFromOutside(image).orFail();
        }
    }

    private void takesNoImageThatIsOpen(Function<ExportEngines, ExportEngine> build) {
        try (EngineRoom room = EngineRoom.onUnixSocket(folder, build)) {
            Image image = room.raw("a.raw", 1 << 20);
            ExportName name = fresh();
            try (Peer other = Peer.qemuNbd(folder, "-f", "raw", image.path().toString())) {
                assertThat(other.alive()).isTrue();
                for (boolean readOnly : new boolean[] {false, true}) {
                    ExportEngineContract.assertRefused(
                            () -> room.engine().add(name, image, readOnly), "open elsewhere");
                }
            }
            room.engine().add(name, image, false);
            assertThat(room.engine().names()).containsExactly(name);
        }
    }

    private static Peer.Result writeFromOutside(Image image) {
        return Peer.run(
                Duration.ofSeconds(20),
                "qemu-io",
                "-f",
                "raw",
                "-c",
                "write 0 4K",
                image.path().toString());
    }
}
