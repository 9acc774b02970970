package io.migratekit.source.vcenter.tracking;

import static io.migratekit.source.vcenter.tracking.TrackingLab.BLOCK;
import static io.migratekit.source.vcenter.tracking.TrackingLab.DISK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.lab.LabControl;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabPages;
import io.migratekit.source.vcenter.lab.LabScript;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions for changes, and when there is no answer. */
@NeedsPeer("go")
final class DiskAreasIT {
    private static final long CAPACITY = 40L * BLOCK + 512;

    /** Processor time, so that neither the lab's work nor a busy machine counts. */
    private static final Duration OWN_COST_MAX = Duration.ofSeconds(1);

    @TempDir
    static Path folder;

    private static TrackingLab lab;
    private static LabControl control;

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
    void namesWhatChangedBetweenTwoSnapshotsAndNothingThatCameLater() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        TrackedMachine machine = lab.of(made);
        ChangeId since = TrackingLab.moment(machine);
        made.write(DISK, 3 * BLOCK - 1, new byte[] {1, 2});
        made.write(DISK, CAPACITY - 1, new byte[] {3});
        OwnSnapshot snapshot = snapshot(machine);
        made.write(DISK, 20L * BLOCK, new byte[] {4});

        assertThat(TrackingLab.changed(machine, snapshot, since)).containsExactly(2L, 3L, 40L);
    }

    @Test
    void namesNothingWhereNothingChanged() throws Exception {
        TrackedMachine machine = lab.of(lab.tracked(CAPACITY));
        ChangeId since = TrackingLab.moment(machine);

        assertThat(TrackingLab.changed(machine, snapshot(machine), since)).isEmpty();
    }

    @Test
    void plansTheSameHoweverStrangeThePagesAre() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        TrackedMachine machine = lab.of(made);
        ChangeId since = TrackingLab.moment(machine);
        made.mark(DISK, BLOCK, 512, 3 * BLOCK, 12);
        OwnSnapshot snapshot = snapshot(machine);
        List<Long> changed = LongStream.range(0, 12).map(i -> 1 + 3 * i).boxed().toList();

        for (LabPages pages : List.of(
                LabPages.usual(),
                LabPages.usual().areas(1).outOfOrder(),
                LabPages.usual().bytes(BLOCK).emptyBetween(),
                LabPages.usual().areas(2).beyondTheEnd(),
                LabPages.usual().coveringNothing(2))) {
            made.answer(DISK, pages);
            assertThat(TrackingLab.changed(machine, snapshot, since)).isEqualTo(changed);
        }
        made.answer(DISK, LabPages.usual().areas(2).overlapping());
        assertThat(TrackingLab.changed(machine, snapshot, since)).containsAll(changed);
    }

    @Test
    void plansAMillionAreasInUnderASecondOfItsOwn() throws Exception {
        int areas = 1_000_000;
        LabMachine made = lab.tracked(areas * 2L * BLOCK);
        TrackedMachine machine = lab.of(made);
        ChangeId since = TrackingLab.moment(machine);
        made.mark(DISK, 0, 512, 2L * BLOCK, areas);
        OwnSnapshot snapshot = snapshot(machine);
        long pages = control.calls("QueryChangedDiskAreas");
        long startNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

        long planned = TrackingLab.plan(machine, snapshot, since);

        Duration own = Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startNanos);
        assertThat(planned).isEqualTo((long) areas * BLOCK);
        assertThat(control.calls("QueryChangedDiskAreas") - pages).isEqualTo(areas / 2000);
        assertThat(own).isLessThan(OWN_COST_MAX);
    }

    @Test
    void trustsNoVCenterWhosePagesStandStill() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        TrackedMachine machine = lab.of(made);
        ChangeId since = TrackingLab.moment(machine);
        OwnSnapshot snapshot = snapshot(machine);
        made.answer(DISK, LabPages.usual().coveringNothing(100));

        assertThatThrownBy(() -> TrackingLab.changed(machine, snapshot, since))
                .isInstanceOf(SourceException.Untrustworthy.class);
    }

    @Test
    void goesOnWhereTheSessionEndsBeforeEveryPage() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        TrackedMachine machine = lab.of(made);
        ChangeId since = TrackingLab.moment(machine);
        made.mark(DISK, 0, 512, 2 * BLOCK, 20);
        made.answer(DISK, LabPages.usual().areas(1));
        OwnSnapshot snapshot = snapshot(machine);
        for (int page = 0; page < 20; page++) { // each page is asked for twice: the first time by nobody
            control.script(
                    LabScript.call("QueryChangedDiskAreas").after(2 * page).expiringSessions());
        }
        long logins = control.calls("Login");

        assertThat(TrackingLab.changed(machine, snapshot, since)).hasSize(20);

        assertThat(control.calls("Login") - logins).isGreaterThanOrEqualTo(19);
    }

    @Test
    void goesOnAfterARestartInTheMiddleOfAPlan() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        TrackedMachine machine = lab.of(made);
        ChangeId since = TrackingLab.moment(machine);
        made.write(DISK, 30L * BLOCK, new byte[] {4});
        made.answer(DISK, LabPages.usual().bytes(10L * BLOCK));
        OwnSnapshot snapshot = snapshot(machine);
        try (ChangeQuery query = machine.changes(snapshot, TrackingLab.disk(machine, snapshot), since)) {
            assertThat(query.page(0).areas()).isEmpty();
            control.restart(Duration.ofMillis(300));

            assertThat(query.page(30L * BLOCK).areas()).hasSize(1);
        }
    }

    @Test
    void tellsThatTheSnapshotIsGone() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        TrackedMachine machine = lab.of(made);
        ChangeId since = TrackingLab.moment(machine);
        OwnSnapshot snapshot = snapshot(machine);
        try (ChangeQuery query = machine.changes(snapshot, TrackingLab.disk(machine, snapshot), since)) {
            made.removeSnapshot(snapshot.reference());

            assertThatThrownBy(() -> query.page(BLOCK)).isInstanceOf(SourceException.NotFound.class);
        }
        assertThat(machine.findSnapshot(snapshot.id())).isEmpty();
    }

    @Test
    void doesNotKnowWhatChangedSinceTrackingWasReset() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        ChangeId since = TrackingLab.moment(lab.of(made));
        made.resetTracking(DISK);

        unknown(made, since, "was reset");
    }

    @Test
    void doesNotKnowWhatChangedSinceTheDiskGrewWhateverVSphereSays() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        ChangeId since = TrackingLab.moment(lab.of(made));
        made.growUnnoticed(DISK, 2 * CAPACITY);

        unknown(made, since, "its size changed");
    }

    @Test
    void doesNotKnowWhatChangedSinceARevertWhateverVSphereSays() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        made.takeSnapshot("before the update");
        made.revertUnnoticed();
        ChangeId since = TrackingLab.moment(lab.of(made));
        made.revertTo("before the update");

        unknown(made, since, "reverted to a snapshot");
        made.removeSnapshot("before the update");
        ChangeId after = TrackingLab.moment(lab.of(made));
        assertThat(TrackingLab.changed(lab.of(made), snapshot(lab.of(made)), after))
                .isEmpty();
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
    void doesNotKnowWhatChangedSinceEventsBegin() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        ChangeId since = TrackingLab.moment(lab.of(made));
        lab.keepEvents(0);
        try {
            unknown(made, since, "keeps its events for 0 days only");
        } finally {
            lab.keepEvents(30);
        }
    }

    @Test
    void doesNotKnowWhatChangedSinceAStrangersMoment() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        TrackingLab.moment(lab.of(made));

        unknown(made, new ChangeId("52 de ad/7"), "was reset");
    }

    @Test
    void passesOnThatVSphereDoesNotKnow() throws Exception {
        LabMachine made = lab.tracked(CAPACITY);
        ChangeId since = TrackingLab.moment(lab.of(made));
        control.script(LabScript.call("QueryChangedDiskAreas")
                .fault("FileFault")
                .details("{\"File\": \"web01-ctk.vmdk\"}")
                .message("Error caused by file"));

        unknown(made, since, "Error caused by file");
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
