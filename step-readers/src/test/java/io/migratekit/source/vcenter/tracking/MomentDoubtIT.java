package io.migratekit.source.vcenter.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.ChangeId;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.lab.LabMachine;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that vSphere would give, and that are not to be believed. */
@NeedsPeer("go")
final class MomentDoubtIT {
    private static final long CAPACITY = 1 << 20;

    @TempDir
    static Path folder;

    private static TrackingLab lab;

    @BeforeAll
    static void start() throws Exception {
        lab = new TrackingLab(folder);
    }

    @AfterAll
    static void end() throws Exception {
        lab.close();
    }

    @Test
    void doesNotKnowWhatChangedSinceTheMachineWasRegisteredAnew() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        ChangeId since = TrackingLab.moment(lab.of(made));

        ChangeId earlier =
                new ChangeId(since.text().replace(";vm=" + made.reference() + ";", ";vm=" + made.reference() + "1;"));

        assertThat(earlier).isNotEqualTo(since);
        unknown(made, earlier, "was registered anew");
        unknown(made, new ChangeId(TrackedMoment.parse(since).changeId()), "was registered anew");
    }

    @Test
    void doesNotKnowWhatChangedSinceTheMachineWasOnAHostThatLosesChanges() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        ChangeId since = TrackingLab.moment(lab.of(made));

        ChangeId earlier = new ChangeId(since.text().replaceFirst(";host=.*", ";host=6.0.0-2494585"));

        unknown(made, earlier, "at that moment its host ran ESXi 6.0.0");
    }

    @Test
    void believesNoTrackingThatWasSwitchedOnAboveASnapshot() throws Exception {
        LabMachine made = lab.trackedAbove("before the update", CAPACITY);
        TrackedMachine machine = lab.of(made);

        assertThat(machine.status().enabled()).isTrue();
        assertThat(machine.status().possible()).isFalse();
        assertThat(machine.status().obstacles()).singleElement().asString().contains("above the snapshot 'before the");
        assertThatThrownBy(machine::enable).isInstanceOf(SourceException.Refused.class);
        OwnSnapshot snapshot = snapshot(machine);
        InventoryDisk disk = TrackingLab.disk(machine, snapshot);
        assertThat(disk.backing().changeId()).isPresent();
        assertThat(machine.changeId(snapshot, disk)).isEmpty();
        ChangeId somebodys = new TrackedMoment(
                        disk.backing().changeId().orElseThrow(),
                        Optional.of(snapshot.taken()),
                        OptionalLong.of(CAPACITY),
                        Optional.of(made.reference()),
                        HostBuild.parse("8.0.2-22380479"))
                .write();
        assertThatThrownBy(() -> machine.changes(snapshot, disk, somebodys))
                .isInstanceOf(SourceException.ChangesUnknown.class)
                .hasMessageContaining("switched on above the snapshot 'before the update'");

        made.removeSnapshot("before the update");

        assertThat(machine.status().possible()).isTrue();
        assertThat(machine.changeId(snapshot, disk)).isPresent();
    }

    private static void unknown(LabMachine made, ChangeId since, String reason) throws Exception {
        TrackedMachine machine = lab.of(made);
        OwnSnapshot snapshot = snapshot(machine);
        assertThatThrownBy(() -> TrackingLab.changed(machine, snapshot, since))
                .isInstanceOf(SourceException.ChangesUnknown.class)
                .hasMessageContaining("is not known")
                .hasMessageContaining(reason);
    }

    private static OwnSnapshot snapshot(TrackedMachine machine) throws Exception {
        return machine.takeSnapshot("migratekit-job-1", note -> {});
    }
}
