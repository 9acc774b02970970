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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Switching tracking on, and snapshots. */
@NeedsPeer("go")
final class TrackedMachineIT {
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
    void switchesTrackingOnOnceAndLeavesNoSnapshot() throws Exception {
        LabMachine made = control.create(lab.spec().disk(BLOCK).running());
        TrackedMachine machine = lab.of(made);
        assertThat(machine.status().enabled()).isFalse();
        assertThat(machine.status().possible()).isTrue();

        assertThat(machine.enable()).isTrue();
        assertThat(machine.enable()).isFalse();

        assertThat(machine.status().enabled()).isTrue();
        assertThat(machine.snapshots()).isEmpty();
        assertThat(TrackingLab.moment(machine).lineage()).startsWith("52 ");
    }

    @Test
    void tellsWhyTrackingIsNotPossible() throws Exception {
        TrackedMachine old = lab.of(control.create(lab.spec().hardware("vmx-04").disk(BLOCK)));
        assertThatThrownBy(old::enable)
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining("hardware version is 4");
        LabMachine unsure = control.create(lab.spec().disk(BLOCK));
        control.script(LabScript.task("ReconfigVm").of(unsure.reference()).fault("NotSupported"));
        assertThatThrownBy(() -> lab.of(unsure).enable())
                .as("vCenter knows better than its capabilities say")
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining("its hardware version (vmx-13; 7 is needed)");
        assertThat(lab.of(unsure).status().enabled()).isFalse();

        LabMachine made = control.create(lab.spec().disk(BLOCK));
        made.takeSnapshot("before the update");
        assertThatThrownBy(() -> lab.of(made).enable())
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining("remove 'before the update'");
        made.removeSnapshot("before the update");
        assertThat(lab.of(made).enable()).isTrue();
    }

    @Test
    void tellsWhichDisksNoSnapshotHoldsStill() throws Exception {
        LabMachine made = control.create(lab.spec()
                .disk(BLOCK)
                .disk(BLOCK, "physicalRdm", "independent_persistent", "sharingNone")
                .disk(BLOCK, "flat", "independent_persistent", "sharingNone")
                .disk(BLOCK, "flat", "persistent", "sharingMultiWriter")
                .disk(BLOCK, "virtualRdm", "persistent", "sharingNone"));

        assertThat(lab.of(made).status().disks())
                .extracting(TrackingStatus.DiskObstacle::key)
                .containsExactly(2001, 2002, 2003);
        assertThat(lab.of(made).status().disks())
                .extracting(TrackingStatus.DiskObstacle::reason)
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("physical mode"),
                        reason -> assertThat(reason).contains("independent"),
                        reason -> assertThat(reason).contains("several machines"));

        LabMachine clustered = control.create(lab.spec().bus("physicalSharing").disk(BLOCK));
        assertThat(lab.of(clustered).status().disks()).hasSize(1);
    }

    @Test
    void takesASnapshotWithoutQuiescingWhereTheGuestCannotAndSaysSo() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        made.failQuiescing(true);
        TrackedMachine machine = lab.of(made);

        OwnSnapshot snapshot = machine.takeSnapshot("migratekit-job-1", notes::add);

        assertThat(machine.snapshots()).containsExactly(snapshot);
        assertThat(notes).singleElement().asString().contains("could not be quiesced", "ApplicationQuiesceFault");
    }

    @Test
    void saysThatARunningGuestWithoutToolsWasNotAskedAndNothingOfOneThatIsOff() throws Exception {
        LabMachine deaf = control.create(lab.spec().disk(BLOCK).runningWithoutTools());
        lab.of(deaf).takeSnapshot("migratekit-job-1", notes::add);
        assertThat(notes).singleElement().asString().contains("VMware Tools do not run", "power failure");

        notes.clear();
        lab.of(control.create(lab.spec().disk(BLOCK))).takeSnapshot("migratekit-job-1", notes::add);
        assertThat(notes).isEmpty();
    }

    @Test
    void saysNothingOfASnapshotThatWasQuiesced() throws Exception {
        TrackedMachine machine = lab.of(lab.tracked(BLOCK));

        machine.takeSnapshot("migratekit-job-1", notes::add);

        assertThat(notes).isEmpty();
    }

    @Test
    void refusesMoreSnapshotsThanTheMachineCanHave() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        made.limitSnapshots(1);
        made.takeSnapshot("somebody's");

        assertThatThrownBy(() -> lab.of(made).takeSnapshot("migratekit-job-1", notes::add))
                .isInstanceOf(SourceException.Refused.class)
                .hasMessageContaining("as many snapshots as vSphere lets it have");
    }

    @Test
    void leavesItsHandsOffSnapshotsWithoutItsMark() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        TrackedMachine machine = lab.of(made);
        String others = made.takeSnapshot("migratekit-job-1");

        OwnSnapshot own = machine.takeSnapshot("migratekit-job-1", notes::add);
        assertThat(machine.snapshots()).containsExactly(own);
        machine.removeSnapshot(own.id());

        assertThat(machine.snapshots()).isEmpty();
        made.removeSnapshot(others); // fails if it is not there
    }

    @Test
    void listsWhatIsLeftInTheWholeVCenterAndRemovesOne() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        made.takeSnapshot("migratekit-job-of-somebody");
        TrackedMachine other = lab.of(lab.tracked(BLOCK));
        OwnSnapshot first = lab.of(made).takeSnapshot("migratekit-job-1", notes::add);
        OwnSnapshot second = other.takeSnapshot("migratekit-job-2", notes::add);
        Leftovers leftovers = lab.leftovers();

        List<Leftovers.Leftover> left = leftovers.list();

        assertThat(left).extracting(Leftovers.Leftover::snapshot).containsSubsequence(first, second);
        assertThat(left).noneMatch(leftover -> leftover.snapshot().name().endsWith("somebody"));
        for (Leftovers.Leftover leftover : left) {
            if (leftover.snapshot().equals(first)) {
                leftovers.remove(leftover);
            }
        }
        assertThat(lab.of(made).snapshots()).isEmpty();
        assertThat(other.snapshots()).containsExactly(second);
    }

    @Test
    void findsItsSnapshotAgainAndRemovesItTwice() throws Exception {
        TrackedMachine machine = lab.of(lab.tracked(BLOCK));
        OwnSnapshot own = machine.takeSnapshot("migratekit-job-1", notes::add);

        assertThat(machine.findSnapshot(own.id())).contains(own);
        machine.removeSnapshot(own.id());
        machine.removeSnapshot(own.id());

        assertThat(machine.findSnapshot(own.id())).isEmpty();
    }

    @Test
    void mergesTheFilesThatARemovalLeft() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        TrackedMachine machine = lab.of(made);
        OwnSnapshot own = machine.takeSnapshot("migratekit-job-1", notes::add);
        made.leaveUnconsolidated();
        control.script(LabScript.task("ConsolidateVMDisks").fault("FileLocked"));

        assertThatThrownBy(() -> machine.removeSnapshot(own.id()))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("need consolidation")
                .hasMessageContaining("FileLocked");
        long merges = control.calls("ConsolidateVMDisks_Task");
        machine.removeSnapshot(own.id());

        assertThat(control.calls("ConsolidateVMDisks_Task")).isEqualTo(merges + 1);
        machine.removeSnapshot(own.id());
        assertThat(control.calls("ConsolidateVMDisks_Task")).isEqualTo(merges + 1);
    }

    @Test
    void mergesBeforeItTakesTheNextSnapshot() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        made.needConsolidation(true);
        long merges = control.calls("ConsolidateVMDisks_Task");

        lab.of(made).takeSnapshot("migratekit-job-1", notes::add);

        assertThat(control.calls("ConsolidateVMDisks_Task")).isEqualTo(merges + 1);
    }

    @Test
    void tellsThatASnapshotCouldNotBeRemoved() throws Exception {
        TrackedMachine machine = lab.of(lab.tracked(BLOCK));
        OwnSnapshot own = machine.takeSnapshot("migratekit-job-1", notes::add);
        control.script(LabScript.task("RemoveSnapshot").fault("TaskInProgress"));

        assertThatThrownBy(() -> machine.removeSnapshot(own.id()))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("TaskInProgress");
        machine.removeSnapshot(own.id());
        assertThat(machine.snapshots()).isEmpty();
    }

    @Test
    void waitsForASnapshotThroughARestartOfTheVCenter() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        TrackedMachine machine = lab.of(made);
        Thread restart = lab.restartAtTask("CreateSnapshot");

        OwnSnapshot taken = machine.takeSnapshot("migratekit-job-1", notes::add);

        restart.join();
        assertThat(machine.snapshots()).containsExactly(taken);
    }

    @Test
    void waitsForARemovalThroughARestartOfTheVCenterWhichForgetsItsTask() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        TrackedMachine machine = lab.of(made);
        OwnSnapshot own = machine.takeSnapshot("migratekit-job-1", notes::add);
        Thread restart = lab.restartAtTask("RemoveSnapshot");

        machine.removeSnapshot(own.id());

        restart.join();
        assertThat(machine.snapshots()).isEmpty();
    }

    @Test
    void knowsAMachineByItsIdentityUntilItIsDeleted() throws Exception {
        LabMachine made = lab.tracked(BLOCK);
        TrackedMachine machine = lab.of(made);
        made.rename("neu & anders/1");
        made.move("archive/2026");
        assertThat(machine.disks()).hasSize(1);

        made.delete();
        assertThatThrownBy(machine::disks)
                .isInstanceOf(SourceException.NotFound.class)
                .hasMessageContaining(made.instanceUuid());
    }
}
