package io.migratekit.volume.export;

import static io.migratekit.volume.export.EngineRoom.fill;
import static io.migratekit.volume.export.EngineRoom.fresh;
import static io.migratekit.volume.export.EngineRoom.next;
import static io.migratekit.volume.export.EngineRoom.read;
import static io.migratekit.volume.export.ExportEngineContract.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.Facility;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A loop device behind an export, as a cloud's volumes are devices of the appliance; with one engine and the other. */
@NeedsPeer({"losetup", "mknod", "qemu-storage-daemon"})
@Timeout(60)
final class BlockDeviceExportIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int SIZE_BYTES = 3 * 512 * 1024 + 512;

    @TempDir
    Path folder;

    private String loop = "";

    @Test
    void isServedByTheEmbeddedEngineAndThenByQemu() throws Exception {
        ExportName first = fresh();
        ExportName last = next(first);
        try (EngineRoom room = EngineRoom.onUnixSocket(folder, ExportEngines::embedded)) {
            attach(room.raw("disk.raw", SIZE_BYTES).path());
            serves(room.engine(), first, 1);
        }
        try (EngineRoom room = EngineRoom.onUnixSocket(folder, ExportEngines::qemu)) {
            serves(room.engine(), last, 2);
        }
    }

    private void serves(ExportEngine engine, ExportName name, int value) throws Exception {
        Image device = new Image(Path.of(loop), Image.Format.RAW);
        NbdUri uri = engine.add(name, device, false);
        fill(uri, 0, SIZE_BYTES, value);
        assertThat(read(uri, 0, SIZE_BYTES)).containsOnly(value);
        assertThat(contentOfTheDevice()).hasSize(SIZE_BYTES).containsOnly(value);
        for (Path sameDevice : otherPaths(value)) {
            assertRefused(() -> engine.add(fresh(), new Image(sameDevice, Image.Format.RAW), false), name.toString());
        }
        EndlessWriter writer = EndlessWriter.start(uri, value);
        writer.awaitWrites(20);
        assertThat(engine.remove(name)).isTrue();
        byte[] atTheEnd = contentOfTheDevice();
        assertThat(writer.awaitFailure()).isInstanceOf(IOException.class);
        assertThat(contentOfTheDevice()).isEqualTo(atTheEnd);
        ExportName readOnly = next(name);
        assertThat(read(engine.add(readOnly, device, true), 0, SIZE_BYTES)).isEqualTo(atTheEnd);
        assertThat(engine.remove(readOnly)).isTrue();
    }

    /** Each engine has let the device go when it is detached. */
    @AfterEach
    void detach() {
        if (!loop.isEmpty()) {
            Peer.run(TIMEOUT, "losetup", "--detach", loop).orFail();
        }
    }

    private void attach(Path file) throws IOException {
        Peer.Result attached = Peer.run(TIMEOUT, "losetup", "--find", "--show", file.toString());
        if (attached.exitCode() != 0) {
            throw Facility.LOOP_DEVICE.missing(attached.output());
        }
        loop = attached.output().strip();
    }

    private byte[] contentOfTheDevice() throws IOException {
        return Files.readAllBytes(Path.of(loop));
    }

    /** A link to the device, and a node of its own for it. */
    private List<Path> otherPaths(int number) throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link-" + number), Path.of(loop));
        Path node = folder.resolve("node-" + number);
        String numbers = Peer.run(TIMEOUT, "stat", "--format=%Hr %Lr", loop).orFail();
        String[] majorMinor = numbers.strip().split(" ", 2);
        Peer.run(TIMEOUT, "mknod", node.toString(), "b", majorMinor[0], majorMinor[1])
                .orFail();
        return List.of(link, node);
    }
}
