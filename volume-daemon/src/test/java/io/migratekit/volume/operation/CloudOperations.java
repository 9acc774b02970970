package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.cloudstack.CloudSite;
import io.migratekit.volume.cloudstack.ScriptedCloud;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** Operations on a scripted cloud in which something goes wrong. */
abstract class CloudOperations extends VolumesFixture {
    static final String CONTEXT = "ctx";

    @TempDir
    static Path folder;

    /** What is asked for, and the call of the cloud that it depends on. */
    enum Case {
        CREATE("createVolume"),
        ATTACH("attachVolume"),
        DELETE("deleteVolume"),
        SNAPSHOT("createSnapshot");

        final String command;

        Case(String command) {
            this.command = command;
        }
    }

    @Override
    Site site() {
        return CloudSite.start(folder);
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return daemon;
    }

    final CloudSite cloudSite() {
        return (CloudSite) site;
    }

    final ScriptedCloud cloud() {
        return cloudSite().cloud();
    }

    /** Sees to it that there is what an operation needs, and returns the request. */
    final VolumeRequest prepared(Case what) {
        return switch (what) {
            case CREATE -> new VolumeRequest.Create("new", sizeBytes, Optional.of(CONTEXT));
            case ATTACH -> new VolumeRequest.Attach(create("a", CONTEXT), VolumeRequest.APPLIANCE, false);
            case DELETE -> new VolumeRequest.Delete(create("a", CONTEXT));
            case SNAPSHOT -> {
                used("a", CONTEXT);
                used("b", CONTEXT);
                yield new VolumeRequest.Snapshot(CONTEXT);
            }
        };
    }

    final Operation ended(VolumeRequest request) {
        return ended(volumes, request);
    }

    static Operation ended(Volumes volumes, VolumeRequest request) {
        return volumes.await(
                volumes.submit(UUID.randomUUID().toString(), request).id(), PATIENCE);
    }

    /** Asserts that an operation has failed, and says what, where, by whom, and what helps. */
    final void assertFailed(Operation ended, String... words) {
        assertThat(ended.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(ended.error().orElseThrow())
                .contains(words)
                .contains(cloud().endpoint().url().getAuthority());
    }

    /** Asserts that nothing of a failed operation is left, and that it says so. */
    static void assertUndone(Operation ended) {
        assertThat(ended.error().orElseThrow()).doesNotContain("Left as it is");
        assertThat(ended.steps())
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.state()).as(step.name()).isEqualTo(Operation.Step.State.UNDONE));
    }

    /** Asks once more, and asserts that it is done. */
    static void assertDone(Volumes volumes, Case what, VolumeRequest request) {
        Operation again = ended(volumes, request);
        assertThat(again.error()).isEmpty();
        assertThat(again.status()).isEqualTo(OperationStatus.COMPLETED);
        switch (what) {
            case CREATE -> assertThat(volumes.volumes()).hasSize(1);
            case ATTACH ->
                assertThat(volumes.volumes())
                        .singleElement()
                        .satisfies(volume -> assertThat(volume.attachment()).isPresent());
            case DELETE -> assertThat(volumes.volumes()).isEmpty();
            case SNAPSHOT ->
                assertThat(volumes.snapshotSets(CONTEXT))
                        .filteredOn(set -> set.state() == SnapshotSet.State.READY)
                        .singleElement()
                        .satisfies(set -> assertThat(set.volumes()).hasSize(2));
        }
    }

    /** Asserts that the ledger has what the cloud has, and that nothing is in the cloud which the ledger does not know. */
    final void assertAgreed(Volumes now) {
        List<Volume> ledger = now.volumes();
        assertThat(now.reconcile(false)).isEmpty();
        assertThat(cloud().living())
                .containsExactlyInAnyOrderElementsOf(
                        ledger.stream().map(Volume::id).toList());
        for (Volume volume : ledger) {
            assertThat(cloud().vmOf(volume.id())).isEqualTo(volume.attachment().map(Attachment::vmId));
        }
        assertThat(cloud().snapshots())
                .isEqualTo(now.snapshotSets(CONTEXT).stream()
                        .mapToInt(set -> set.volumes().size())
                        .sum());
    }

    final void assertAgreed() {
        assertAgreed(volumes);
    }

    final VolumeId only() {
        return volumes.volumes().get(0).id();
    }
}
