package io.migratekit.source.vcenter.tracking;

import static io.migratekit.source.vcenter.tracking.TrackingLab.BLOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.lab.LabControl;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabScript;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots whose orders do not come to a plain end. */
@NeedsPeer("go")
final class MachineSnapshotsIT {
    @TempDir
    static Path folder;

    private static TrackingLab lab;
    private static LabControl control;
    private final List<String> notes = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        lab = new TrackingLab(folder);
        control = lab.lab().control();
    }

    @AfterAll
    static void end() throws Exception {
        lab.close();
    }

    @AfterEach
    void clear() throws Exception {
        control.clearScripts();
    }

    @Test
    void waitsUntilAnotherTaskOfTheMachineHasEnded() throws Exception {
        TrackedMachine machine = lab.of(lab.tracked(BLOCK));
        long asked = control.calls("CreateSnapshot_Task");
        control.script(LabScript.task("CreateSnapshot").times(2).fault("TaskInProgress"));

        OwnSnapshot own = machine.takeSnapshot("migratekit-job-1", notes::add);

        assertThat(control.calls("CreateSnapshot_Task")).isEqualTo(asked + 3);
        assertThat(notes).as("it is quiesced").isEmpty();
        control.script(LabScript.call("RemoveSnapshot_Task").times(2).fault("TaskInProgress"));
        machine.removeSnapshot(own.id());
        assertThat(machine.snapshots()).isEmpty();
    }

    @Test
    void takesNoWorseSnapshotForWhatIsNotTheGuestsFault() throws Exception {
        TrackedMachine machine = lab.of(lab.tracked(BLOCK));
        control.script(LabScript.task("CreateSnapshot").fault("FileFault"));

        assertThatThrownBy(() -> machine.takeSnapshot("migratekit-job-1", notes::add))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("FileFault");

        assertThat(machine.snapshots()).isEmpty();
        assertThat(notes).isEmpty();
    }

    @Test
    void waitsForASnapshotOfWhichNobodyKnowsHowItGoesOn() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        TrackedMachine machine = lab.of(made);
        control.script(LabScript.task("CreateSnapshot").of(made.reference()).frozen());
        control.script(LabScript.call("RetrievePropertiesEx").after(1).fault("ManagedObjectNotFound"));
        long questions = control.calls("RetrievePropertiesEx");
        Thread release = new Thread(() -> {
            try {
                while (control.calls("RetrievePropertiesEx") < questions + 30) { // longer than without a task
                    Thread.sleep(5);
                }
                control.release();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        release.start();

        OwnSnapshot taken = machine.takeSnapshot("migratekit-job-1", notes::add);

        release.join();
        assertThat(machine.snapshots()).containsExactly(taken);
    }

    @Test
    void doesNotTakeAForgottenTaskForARemovedSnapshot() throws Exception {
        TrackedMachine machine = lab.of(lab.tracked(BLOCK));
        OwnSnapshot own = machine.takeSnapshot("migratekit-job-1", notes::add);
        control.script(LabScript.task("RemoveSnapshot").fault("FileFault"));
        control.script(LabScript.call("RetrievePropertiesEx").after(1).fault("ManagedObjectNotFound"));

        machine.removeSnapshot(own.id());

        assertThat(machine.snapshots()).isEmpty();
    }

    @Test
    void removesWhatSwitchingTrackingOnLeftLongAgo() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        TrackedMachine machine = lab.of(made);
        lab.leave(made, "migratekit-cbt-0123abcd", Duration.ofHours(1));
        lab.leave(made, "migratekit-cbt-4567cdef", Duration.ofMinutes(1));

        machine.takeSnapshot("migratekit-job-1", notes::add);

        assertThat(machine.snapshots())
                .extracting(OwnSnapshot::name)
                .containsExactly("migratekit-cbt-4567cdef", "migratekit-job-1");
    }

    @Test
    void doesNotRefuseAChainThatWasJustMerged() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        TrackedMachine machine = lab.of(made);
        for (int i = 0; i < SnapshotState.CHAIN_MAX; i++) {
            made.takeSnapshot("somebody's " + i);
        }
        assertThatThrownBy(() -> machine.takeSnapshot("migratekit-job-1", notes::add))
                .isInstanceOf(SourceException.Refused.class);
        for (int i = SnapshotState.CHAIN_MAX - 1; i >= 0; i--) {
            if (i == 0) {
                made.leaveUnconsolidated();
            }
            made.removeSnapshot("somebody's " + i);
        }

        assertThat(machine.snapshotState().chain()).isGreaterThan(SnapshotState.CHAIN_MAX);
        machine.takeSnapshot("migratekit-job-1", notes::add);
    }

    @Test
    void tellsThatASnapshotCouldNotBeRemoved() throws Exception {
        TrackedMachine machine = lab.of(lab.tracked(BLOCK));
        OwnSnapshot own = machine.takeSnapshot("migratekit-job-1", notes::add);
        control.script(LabScript.task("RemoveSnapshot").fault("FileLocked"));

        assertThatThrownBy(() -> machine.removeSnapshot(own.id()))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("FileLocked");
        machine.removeSnapshot(own.id());
        assertThat(machine.snapshots()).isEmpty();
    }
}
