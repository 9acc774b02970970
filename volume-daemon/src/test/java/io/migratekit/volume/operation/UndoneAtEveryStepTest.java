package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.Operation.Step.State;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.operation.CutScene.Case;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets the last step of an operation fail after it has taken effect, and cuts the daemon off before each of its writes
 * into the journal, those of the undoing too. Whatever was made has to be gone when the next daemon has ended it.
 */
final class UndoneAtEveryStepTest {

    @ParameterizedTest
    @EnumSource(
            value = Case.class,
            names = {"CREATE", "ATTACH", "SNAPSHOT", "CLONE", "EXPORT"})
    void leavesNothingWhereverItWasCut(Case what) throws Exception {
        int undoings = 0;
        for (int write = 1; write <= CutScene.WRITES_MAX; write++) {
            try (CutScene scene = new CutScene()) {
                Before before = new Before();
                boolean cut = scene.cutAt(what, write, false, () -> {
                    failAtTheLastStep(scene, what);
                    before.volumes = sorted(scene);
                });
                if (!cut) {
                    break;
                }
                String where = "%s cut before write %d".formatted(what, write);
                try (VolumeOperations next = scene.startAgain()) {
                    Optional<Operation> resumed = scene.resumed(next);
                    if (resumed.isPresent()) {
                        check(scene, before, resumed.get(), next, where);
                        undoings++;
                    }
                    check(scene, before, scene.askAgain(next), next, where + ", asked again");
                }
            }
        }
        assertThat(undoings).as("places where it was cut").isGreaterThanOrEqualTo(5);
    }

    private static final class Before {
        private List<BackendVolume> volumes = List.of();
    }

    private static void failAtTheLastStep(CutScene scene, Case what) {
        String last = sorted(scene).stream()
                .map(BackendVolume::name)
                .reduce((one, other) -> other)
                .orElse("none");
        switch (what) {
            case CREATE -> scene.backend.fail("create done", Kind.FAILED);
            case ATTACH -> scene.backend.fail("attach done", Kind.FAILED);
            case SNAPSHOT -> scene.backend.fail("snapshot %s done".formatted(last), Kind.FAILED);
            case CLONE -> scene.backend.fail("clone %s done".formatted(last), Kind.FAILED);
            case EXPORT -> scene.engine.breakDown(true);
            default -> throw new IllegalArgumentException("nothing fails at the last step of " + what);
        }
    }

    private static void check(CutScene scene, Before before, Operation ended, VolumeOperations now, String where) {
        assertThat(ended.status()).as(where).isEqualTo(OperationStatus.FAILED);
        assertThat(ended.error().orElseThrow()).as(where).doesNotContain("Left as it is");
        assertThat(ended.steps())
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.state())
                        .as("%s: %s", where, step.name())
                        .isEqualTo(State.UNDONE));
        assertThat(sorted(scene)).as(where).isEqualTo(before.volumes);
        assertThat(now.volumes()).as(where).hasSameSizeAs(before.volumes);
        assertThat(now.exports()).as(where).isEmpty();
        assertThat(scene.engine.names()).as(where).isEmpty();
        assertThat(now.volumes().stream().map(Volume::context)).as(where).doesNotContain(Optional.of("test"));
        assertThat(now.snapshotSets("ctx"))
                .as(where)
                .hasSize(Math.toIntExact(before.volumes.stream()
                        .flatMap(volume -> volume.snapshots().stream())
                        .distinct()
                        .count()));
        assertThat(now.reconcile(false)).as(where).isEmpty();
        assertThat(now.health().healthy()).as(where).isTrue();
    }

    private static List<BackendVolume> sorted(CutScene scene) {
        return scene.backend.owned().stream()
                .sorted(Comparator.comparing(volume -> volume.id().text()))
                .toList();
    }
}
