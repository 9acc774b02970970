package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.RememberedSteps;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw volumes, whose process dies at every step. */
final class LocalCutTest {
    private static final Mark MARK = new Mark("mark");
    private static final VolumeId ID = Pool.idOf(TestPool.INSTALLATION, MARK.text());

    @TempDir
    Path folder;

    @Test
    void aCreationHasHappenedOrHappensWhenItIsRepeated() {
        int cuts = cuts().everywhere(
                        backend -> {},
                        LocalCutTest::create,
                        (backend, pool) -> assertThat(backend.owned())
                                .allSatisfy(
                                        volume -> assertThat(volume.sizeBytes()).isEqualTo(1 << 20)),
                        (backend, pool) -> {
                            assertThat(backend.owned())
                                    .extracting(BackendVolume::id)
                                    .containsExactly(ID);
                            assertThat(backend.find(ID).orElseThrow().sizeBytes())
                                    .isEqualTo(1 << 20);
                        });
        assertThat(cuts).isGreaterThan(8);
    }

    @Test
    void aCreationThatIsGivenUpLeavesNothing() {
        cuts().everywhere(
                        backend -> {},
                        LocalCutTest::create,
                        Cuts::anything,
                        backend -> backend.created(MARK).ifPresent(volume -> backend.delete(volume.id(), memory())),
                        (backend, pool) -> assertThat(backend.owned()).isEmpty());
    }

    @Test
    void aDeletionHasHappenedOrHappensWhenItIsRepeated() {
        int cuts = cuts().everywhere(
                        LocalCutTest::create,
                        backend -> backend.delete(ID, memory()),
                        Cuts::anything,
                        (backend, pool) -> assertThat(backend.find(ID)).isEmpty());
        assertThat(cuts).isGreaterThan(6);
    }

    @Test
    void anAttachmentHasHappenedOrHappensWhenItIsRepeated() {
        cuts().everywhere(
                        LocalCutTest::create,
                        backend -> backend.attach(ID, VolumeRequest.APPLIANCE, false, memory()),
                        Cuts::anything,
                        (backend, pool) -> assertThat(backend.find(ID)
                                        .flatMap(BackendVolume::attachment)
                                        .orElseThrow()
                                        .devicePath())
                                .contains(pool.folder(ID).resolve("disk").toString()));
    }

    @Test
    void aDetachmentHasHappenedOrHappensWhenItIsRepeated() {
        cuts().everywhere(
                        backend -> {
                            create(backend);
                            backend.attach(ID, "vm", true, memory());
                        },
                        backend -> backend.detach(ID, memory()),
                        Cuts::anything,
                        (backend, pool) -> assertThat(
                                        backend.find(ID).orElseThrow().attachment())
                                .isEmpty());
    }

    @Test
    void aResizeHasHappenedOrHappensWhenItIsRepeated() {
        int cuts = cuts().everywhere(
                        LocalCutTest::create,
                        backend -> backend.resize(ID, 3 << 20, memory()),
                        Cuts::anything,
                        (backend, pool) -> assertThat(
                                        backend.find(ID).orElseThrow().sizeBytes())
                                .isEqualTo(3 << 20));
        assertThat(cuts).isGreaterThan(2);
    }

    private static void create(LocalBackend backend) {
        backend.create(MARK, "v", 1 << 20, memory());
    }

    private Cuts cuts() {
        return new Cuts(TestPool.raw(folder.resolve("pool")));
    }

    private static RememberedSteps memory() {
        return new RememberedSteps();
    }
}
