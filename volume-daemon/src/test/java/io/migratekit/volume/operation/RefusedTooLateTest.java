package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.Operation.Step.State;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.cloudstack.CloudSite;
import io.migratekit.volume.cloudstack.Fault;
import io.migratekit.volume.cloudstack.ScriptedCloud;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A refusal that comes when the cloud has accepted something, or may have done so earlier, says nothing of the volume. */
final class RefusedTooLateTest extends VolumesFixture {
    @TempDir
    static Path folder;

    private static final Fault UNKNOWN_KEYS = new Fault.Refused(401, "unable to verify user credentials");

    @Override
    Site site() {
        return CloudSite.start(folder);
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return daemon;
    }

    @Test
    void aRevertWhoseJobMayNotBeLookedAtIsNotTakenForOneThatDidNotHappen() {
        VolumeId id = used("a", "ctx");
        SnapshotSetId set = snapshot(id);
        cloud().failAlways("queryAsyncJobResult", UNKNOWN_KEYS);
        assertLeftReverting(revert(set));
        assertThat(site.read(id)).as("the job has ended in the cloud").isEqualTo(1);
        cloud().heal();
        perform(new VolumeRequest.Revert(set));
        assertThat(state()).isEqualTo(SnapshotSet.State.READY);
    }

    @Test
    void aRevertAfterWhichTheVolumeCannotBeAttachedAgainHasHappened() {
        VolumeId id = used("a", "ctx");
        SnapshotSetId set = snapshot(id);
        attach(id, VolumeRequest.APPLIANCE);
        cloud().failAlways("attachVolume", UNKNOWN_KEYS);
        assertLeftReverting(revert(set));
        assertThat(site.read(id)).isEqualTo(1);
    }

    @Test
    void aRevertThatIsRefusedAtOnceLeavesTheSetReady() {
        VolumeId id = used("a", "ctx");
        SnapshotSetId set = snapshot(id);
        attach(id, VolumeRequest.APPLIANCE);
        cloud().fail("revertSnapshot", new Fault.Refused(431, "not supported by this storage"));
        Operation refused = revert(set);
        assertThat(refused.failure()).isEqualTo(Kind.REFUSED);
        assertThat(refused.steps()).allSatisfy(step -> assertThat(step.state()).isEqualTo(State.UNDONE));
        assertThat(state()).isEqualTo(SnapshotSet.State.READY);
        assertThat(site.read(id)).isEqualTo(2);
        assertThat(generation()).isZero();
        assertThat(volumes.reconcile(false)).as("it is attached again").isEmpty();
    }

    @Test
    void aRefusalAfterAKillIsNotTakenForTheWholeStory() throws InterruptedException {
        int changed = 0;
        for (boolean committed : new boolean[] {false, true}) {
            for (int write = 1; write <= CutScene.WRITES_MAX; write++) {
                try (CutScene scene = new CutScene()) {
                    if (!scene.cutAt(Case.REVERT, write, committed, () -> {})) {
                        break;
                    }
                    changed += resumeRefused(scene, "cut %s write %d".formatted(committed ? "after" : "before", write));
                }
            }
        }
        assertThat(changed).as("cuts after the volume was put back").isPositive();
    }

    /** Returns 1 if the volume was put back before the cut and the operation failed after it. */
    private static int resumeRefused(CutScene scene, String where) {
        scene.backend.fail("revert", Kind.REFUSED);
        try (VolumeOperations next = scene.startAgain()) {
            Optional<Operation> ended = scene.resumed(next);
            boolean putBack = next.volumesOf("ctx").stream()
                    .anyMatch(volume -> scene.memory.content(volume.id()).equals("before"));
            if (!putBack || ended.isEmpty() || ended.get().status() == OperationStatus.COMPLETED) {
                return 0;
            }
            assertThat(next.snapshotSets("ctx").get(0).state()).as(where).isEqualTo(SnapshotSet.State.REVERTING);
            assertThat(next.volumesOf("ctx")).as(where).anySatisfy(volume -> {
                assertThat(scene.memory.content(volume.id())).isEqualTo("before");
                assertThat(volume.generation()).isPositive();
            });
            assertThat(ended.get().steps()).as(where).anySatisfy(step -> {
                assertThat(step.name()).startsWith("revert volume");
                assertThat(step.state()).isIn(State.LEFT, State.COMPLETED);
            });
            return 1;
        }
    }

    private void assertLeftReverting(Operation ended) {
        assertThat(ended.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(ended.failure()).isIn(Kind.FAILED, Kind.UNAVAILABLE);
        assertThat(ended.steps()).anySatisfy(step -> {
            assertThat(step.name()).startsWith("revert volume");
            assertThat(step.state()).isEqualTo(State.LEFT);
        });
        assertThat(state()).isEqualTo(SnapshotSet.State.REVERTING);
        assertThat(generation()).as("no replication goes on from what it held").isPositive();
    }

    private long generation() {
        return volumes.volumes().get(0).generation();
    }

    /** Takes a set at which the volume holds 1, and writes 2. */
    private SnapshotSetId snapshot(VolumeId id) {
        site.write(id, 1);
        perform(new VolumeRequest.Snapshot("ctx"));
        site.write(id, 2);
        return volumes.snapshotSets("ctx").get(0).id();
    }

    private Operation revert(SnapshotSetId set) {
        Operation accepted = volumes.submit(UUID.randomUUID().toString(), new VolumeRequest.Revert(set));
        return volumes.await(accepted.id(), PATIENCE);
    }

    private SnapshotSet.State state() {
        return volumes.snapshotSets("ctx").get(0).state();
    }

    private ScriptedCloud cloud() {
        return ((CloudSite) site).cloud();
    }
}
