package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.CutMemory;
import io.migratekit.volume.backend.VolumeBackend;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong while the cloud takes, reverts or deletes a snapshot, and that repeating the call puts it right. */
final class CloudSnapshotFaultsTest extends CloudFixture {
    @Test
    void takesNoSecondSnapshotWhenTheReplyWasLost() {
        VolumeId id = stored();
        SnapshotSetId set = set();
        CutMemory memory = new CutMemory();
        server.fail("createSnapshot", new Fault.LostReply());
        fails(Kind.UNAVAILABLE, "createSnapshot", () -> backend.snapshot(id, set, memory));
        backend.snapshot(id, set, memory);
        assertThat(server.state.snapshots).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void neverTakesAFailedRevertForDone(int status) {
        VolumeId id = stored();
        SnapshotSetId set = set();
        backend.snapshot(id, set, new CutMemory());
        server.fail("revertSnapshot", new Fault.JobStatus(status));
        CutMemory memory = new CutMemory();
        assertThat(failure(() -> backend.revert(id, set, memory)).kind()).isEqualTo(Kind.FAILED);
        assertThat(memory.get("revert.done")).isEmpty();
    }

    @Test
    void leavesNothingBehindThatBlocksASecondTryOfAFailedSnapshot() {
        VolumeId id = stored();
        SnapshotSetId set = set();
        CutMemory memory = new CutMemory();
        server.fail("createSnapshot", new Fault.JobFails(530, "Failed to create snapshot", false));
        fails(Kind.UNAVAILABLE, "goes on there", () -> hastily(id, set, memory)); // stuck in 'Creating'
        server.settled().snapshots.values().forEach(row -> row.set("state", "Error"));
        backend.snapshot(id, set, memory);
        assertThat(backend.find(id).orElseThrow().snapshots()).containsExactly(set);
        backend.deleteSnapshot(id, set, new CutMemory());
        assertThat(server.state.snapshots).isEmpty();
    }

    @Test
    void removesWhatAFailedSnapshotLeftBeforeItTakesOneOfTheSameName() {
        VolumeId id = stored();
        SnapshotSetId set = set();
        server.state.snapshots.put(
                "broken",
                new CloudRow("broken", set.text()).set("volumeid", id.text()).set("state", "Error"));
        backend.snapshot(id, set, new CutMemory());
        assertThat(server.state.snapshots).hasSize(1).doesNotContainKey("broken");
        backend.snapshot(id, set, new CutMemory());
        assertThat(server.asked("createSnapshot")).isEqualTo(1);
        assertThat(server.asked("deleteSnapshot")).isEqualTo(1);
    }

    @Test
    void attachesAVolumeAgainWhoseRevertWasRefused() {
        VolumeId id = attached();
        SnapshotSetId set = set();
        backend.snapshot(id, set, new CutMemory());
        server.fail("revertSnapshot", new Fault.Refused(431, "Revert is not supported by this storage"));
        CutMemory memory = new CutMemory();
        fails(Kind.REFUSED, "not supported", () -> backend.revert(id, set, memory));
        assertThat(backend.image(id).path()).exists();
        backend.revert(id, set, memory);
        assertThat(backend.image(id).path()).exists();
    }

    private void hastily(VolumeId id, SnapshotSetId set, CutMemory memory) {
        failure(() -> hasty().snapshot(id, set, memory));
        hasty().snapshot(id, set, memory);
    }

    private VolumeBackend hasty() {
        return Clouds.hasty(server, Duration.ofMillis(200), Clouds.REQUEST_TIMEOUT)
                .volumes();
    }
}
