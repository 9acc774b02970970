package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.operation.CutScene.Case;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the daemon off before and after each of its writes into the journal, starts another, and asks: has the operation
 * happened completely, or not at all, and does it say so?
 */
final class KilledAtEveryStepTest {

    @ParameterizedTest
    @EnumSource(Case.class)
    void hasHappenedOrNotWhereverItWasCut(Case what) throws Exception {
        int cuts = 0;
        for (boolean committed : new boolean[] {false, true}) {
            for (int write = 1; write <= CutScene.WRITES_MAX; write++) {
                try (CutScene scene = new CutScene()) {
                    if (!scene.cutAt(what, write, committed, () -> {})) {
                        break;
                    }
                    startAgainAndCheck(
                            scene, what, "%s cut %s write %d".formatted(what, committed ? "after" : "before", write));
                    cuts++;
                }
            }
        }
        assertThat(cuts).as("places where it was cut").isGreaterThanOrEqualTo(8);
    }

    private static void startAgainAndCheck(CutScene scene, Case what, String where) {
        try (VolumeOperations next = scene.startAgain()) {
            scene.resumed(next)
                    .ifPresent(operation ->
                            assertThat(operation.status()).as(where).isEqualTo(OperationStatus.COMPLETED));
            Operation ended = scene.askAgain(next);
            assertThat(ended.status()).as(where).isEqualTo(OperationStatus.COMPLETED);
            assertThat(ended.steps())
                    .allSatisfy(step -> assertThat(step.state())
                            .as("%s: %s", where, step.name())
                            .isEqualTo(Operation.Step.State.COMPLETED));
            assertThat(next.reconcile(false)).as(where).isEmpty();
            assertThat(next.health().healthy()).isTrue();
            checkEnd(scene, what, ended, next, where);
        }
    }

    private static void checkEnd(CutScene scene, Case what, Operation ended, VolumeOperations now, String where) {
        int expected = what == Case.CREATE || what == Case.DELETE ? 1 : what == Case.CLONE ? 4 : 2;
        assertThat(scene.backend.owned()).as("%s: nothing is made twice", where).hasSize(expected);
        switch (what) {
            case REVERT ->
                assertThat(now.volumesOf("ctx"))
                        .anySatisfy(volume ->
                                assertThat(scene.memory.content(volume.id())).isEqualTo("before"));
            case SNAPSHOT ->
                assertThat(now.snapshotSets("ctx"))
                        .singleElement()
                        .extracting(SnapshotSet::state)
                        .isEqualTo(SnapshotSet.State.READY);
            case DELETE_SNAPSHOTS -> assertThat(now.snapshotSets("ctx")).isEmpty();
            case EXPORT, EXPORT_AGAIN ->
                assertThat(scene.engine.names())
                        .as("one writer")
                        .containsExactly(ended.export().orElseThrow().name());
            case UNEXPORT -> assertThat(scene.engine.names()).isEmpty();
            case DETACH ->
                assertThat(now.volumes())
                        .allSatisfy(volume -> assertThat(volume.attachment()).isEmpty());
            case ATTACH, ATTACH_ROOT ->
                assertThat(now.volumes())
                        .anySatisfy(volume -> assertThat(volume.attachment()).isPresent());
            case RESIZE ->
                assertThat(now.volumes())
                        .anySatisfy(volume -> assertThat(volume.sizeBytes()).isEqualTo(2 * CutScene.SIZE_BYTES));
            case CLONE -> assertThat(now.volumesOf("test")).hasSize(2);
            case CREATE, DELETE -> assertThat(now.volumes()).hasSize(1);
        }
    }
}
