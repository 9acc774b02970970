package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.peer.Facility;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.RememberedSteps;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pool on a file system of its own, of 64 MiB. */
@NeedsPeer("mount")
final class LocalPoolFullIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private boolean mounted;

    @BeforeEach
    void mount() {
        Peer.Result result = Peer.run(TIMEOUT, "mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder.toString());
        mounted = result.exitCode() == 0;
        if (!mounted) {
            throw Facility.MOUNT.missing(result.output());
        }
    }

    @AfterEach
    void unmount() {
        if (mounted) {
            Peer.run(TIMEOUT, "umount", folder.toString()).orFail();
        }
    }

    @Test
    void refusesWhatDoesNotFitBeforeItChangesAnything() {
        TestPool pool = TestPool.raw(folder.resolve("pool"));
        try (LocalBackend backend = pool.open()) {
            assertNoRoom(() -> backend.create(new Mark("a"), "a", 65 << 20, memory()));
            backend.create(new Mark("b"), "b", 40 << 20, memory());
            assertNoRoom(() -> backend.create(new Mark("c"), "c", 40 << 20, memory()));
            assertThat(backend.owned()).hasSize(1);
            pool.assertNothingIsLeftOver();
        }
    }

    @Test
    void losesNothingWhenItIsFullAndGoesOnWhenItIsNot() throws IOException {
        TestPool pool = TestPool.raw(folder.resolve("pool")).with(0, 1000);
        try (LocalBackend backend = pool.open()) {
            VolumeId id = backend.create(new Mark("a"), "a", 32 << 20, memory()).id();
            Path ballast = fill();
            assertNoRoom(() -> backend.attach(id, "vm", false, memory()));
            assertThat(backend.find(id).orElseThrow().attachment()).isEmpty();
            assertNoRoom(() -> backend.create(new Mark("b"), "b", 1 << 20, memory()));
            assertThat(backend.created(new Mark("b"))).isEmpty();
            Files.delete(ballast);
            assertThat(backend.attach(id, "vm", false, memory()).vmId()).isEqualTo("vm");
            pool.assertNothingIsLeftOver();
        }
    }

    @Test
    @NeedsPeer({"qemu-img", "qemu-io"})
    void keepsAnImageThatThereIsNoRoomToMerge() throws IOException {
        TestPool pool =
                TestPool.of(folder.resolve("pool"), VolumeDaemon.Format.QCOW2).with(0, 1000);
        SnapshotSetId set = new SnapshotSetId("set-00000000-0000-0000-0000-000000000001");
        try (LocalBackend backend = pool.open()) {
            VolumeId id = backend.create(new Mark("a"), "a", 32 << 20, memory()).id();
            backend.snapshot(id, set, memory());
            Qemu.write(pool.image(id), Image.Format.QCOW2, 0, 1 << 20, 5);
            Path ballast = fillUpTo(256 << 10); // enough for descriptions, not for the data
            backend.deleteSnapshot(id, set, memory());
            assertThat(backend.find(id).orElseThrow().snapshots()).isEmpty();
            assertThat(pool.stored(id).images()).hasSize(2);
            assertThat(pool.content().read(id, 1000)).isEqualTo(5);
            Files.delete(ballast);
            backend.deleteSnapshot(id, set, memory());
            assertThat(pool.stored(id).images()).hasSize(1);
            assertThat(pool.content().read(id, 1000)).isEqualTo(5);
        }
    }

    private Path fill() throws IOException {
        return fillUpTo(0);
    }

    /** Writes until that much is free. */
    private Path fillUpTo(long freeBytes) throws IOException {
        Path ballast = folder.resolve("ballast");
        byte[] page = new byte[4096];
        long pages = (Files.getFileStore(folder).getUsableSpace() - freeBytes) / page.length;
        try (OutputStream out = Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long i = 0; i < pages; i++) {
                out.write(page);
            }
        }
        return ballast;
    }

    private static void assertNoRoom(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_ROOM));
    }

    private static RememberedSteps memory() {
        return new RememberedSteps();
    }
}
