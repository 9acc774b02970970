package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.CutMemory;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.VolumeBackend;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong between a call and the cloud, and that repeating the call puts it right. */
final class CloudFaultsTest extends CloudFixture {
    private static final Duration SHORT = Duration.ofMillis(400);

    @Test
    void createsNothingTwiceWhenTheReplyWasLost() {
        Mark mark = mark();
        CutMemory memory = new CutMemory();
        server.fail("createVolume", new Fault.LostReply());
        fails(Kind.UNAVAILABLE, "broke the connection", () -> backend.create(mark, "a", GIB, memory));
        BackendVolume volume = backend.create(mark, "a", GIB, memory);
        assertThat(server.asked("createVolume")).isEqualTo(1);
        assertThat(backend.owned()).containsExactly(volume);
    }

    @Test
    void waitsForARequestThatMayStillArriveBeforeItAsksAgain() {
        Mark mark = mark();
        CutMemory memory = new CutMemory();
        server.fail("createVolume", new Fault.LostRequest());
        VolumeBackend hasty = waiting(SHORT);
        fails(Kind.UNAVAILABLE, "broke the connection", () -> hasty.create(mark, "a", GIB, memory));
        long begunNanos = System.nanoTime();
        hasty.create(mark, "a", GIB, memory);
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isGreaterThan(SHORT);
        assertThat(backend.owned()).hasSize(1);
        assertThat(server.asked("createVolume")).isEqualTo(2);
    }

    @Test
    void createsNothingTwiceThoughTheServerTakesLongerThanItsReplyIsWaitedFor() {
        Mark mark = mark();
        CutMemory memory = new CutMemory();
        server.fail("createVolume", new Fault.Slow(SHORT.multipliedBy(3).dividedBy(2)));
        VolumeBackend hasty = waiting(SHORT);
        fails(Kind.UNAVAILABLE, "does not answer within", () -> hasty.create(mark, "a", GIB, memory));
        BackendVolume volume = hasty.create(mark, "a", GIB, memory);
        assertThat(server.asked("createVolume")).isEqualTo(1);
        assertThat(backend.owned()).containsExactly(volume);
    }

    @Test
    void waitsNoLongerBecauseTheClockWasPutBack() {
        CutMemory memory = new CutMemory();
        memory.put(
                "create.asked",
                Long.toString(System.currentTimeMillis() + Duration.ofDays(1).toMillis()));
        waiting(SHORT).create(mark(), "a", GIB, memory);
        assertThat(backend.owned()).hasSize(1);
    }

    @Test
    void asksAgainAtOnceWhenNothingWasSent() {
        Mark mark = mark();
        CutMemory memory = new CutMemory();
        server.fail("createVolume", new Fault.Refused(533, "full"));
        fails(Kind.NO_ROOM, "error 533", () -> backend.create(mark, "a", GIB, memory));
        assertThat(memory.get("create.asked")).contains("");
        backend.create(mark, "a", GIB, memory);
        assertThat(backend.owned()).hasSize(1);
    }

    @Test
    void completesEveryOtherCallWhoseReplyWasLost() {
        VolumeId id = create(1).id();
        lost("attachVolume", memory -> backend.attach(id, VolumeRequest.APPLIANCE, false, memory));
        lost("resizeVolume", memory -> backend.resize(id, 2 * GIB, memory));
        lost("detachVolume", memory -> backend.detach(id, memory));
        SnapshotSetId set = set();
        lost("createSnapshot", memory -> backend.snapshot(id, set, memory));
        lost("revertSnapshot", memory -> backend.revert(id, set, memory));
        lost("createVolume", memory -> backend.cloneSnapshot(id, set, new Mark("clone"), "c", memory));
        lost("createTags", memory -> backend.create(new Mark("tagged"), "t", GIB, memory));
        lost("deleteSnapshot", memory -> backend.deleteSnapshot(id, set, memory));
        lost("deleteVolume", memory -> backend.delete(id, memory));
        assertThat(backend.find(id)).isEmpty();
        assertThat(backend.owned()).hasSize(2);
        assertThat(server.state.snapshots).isEmpty();
    }

    private void lost(String command, java.util.function.Consumer<CutMemory> call) {
        CutMemory memory = new CutMemory();
        server.fail(command, new Fault.LostReply());
        fails(Kind.UNAVAILABLE, command, () -> call.accept(memory));
        call.accept(memory);
    }

    @Test
    void resumesAJobByItsIdInAnotherProcess() {
        VolumeId id = create(1).id();
        CutMemory memory = new CutMemory();
        server.jobs.delay = Duration.ofMillis(900);
        VolumeBackend hasty = hasty();
        fails(Kind.UNAVAILABLE, "has not ended", () -> hasty.attach(id, VolumeRequest.APPLIANCE, false, memory));
        assertThat(memory.get("attach.job").orElseThrow()).isNotEmpty();
        Clouds.connect(server).volumes().attach(id, VolumeRequest.APPLIANCE, false, memory);
        assertThat(server.asked("attachVolume")).isEqualTo(1);
        assertThat(memory.get("attach.job")).contains("");
    }

    @Test
    void givesUpOnAJobThatNeverEndsAndRemembersIt() {
        VolumeId id = create(1).id();
        CutMemory memory = new CutMemory();
        server.fail("attachVolume", new Fault.JobHangs());
        for (int i = 0; i < 2; i++) {
            fails(
                    Kind.UNAVAILABLE,
                    "has not ended after 0.2 s and goes on",
                    () -> hasty().attach(id, VolumeRequest.APPLIANCE, false, memory));
        }
        assertThat(server.asked("attachVolume")).isEqualTo(1);
    }

    @Test
    void asksForAJobLessAndLessOften() {
        VolumeId id = create(1).id();
        server.fail("attachVolume", new Fault.JobHangs());
        long before = server.asked("queryAsyncJobResult");
        failure(() -> hasty().attach(id, VolumeRequest.APPLIANCE, false, new CutMemory()));
        assertThat(server.asked("queryAsyncJobResult") - before).isLessThan(40); // 100 at the first pace
    }

    @Test
    void looksAtWhatIsThereWhenTheJobIsForgotten() {
        VolumeId id = create(1).id();
        CutMemory memory = new CutMemory();
        server.fail("attachVolume", new Fault.JobForgotten());
        backend.attach(id, VolumeRequest.APPLIANCE, false, memory);
        assertThat(backend.find(id).orElseThrow().attachment()).isPresent();

        memory.put("detach.job", "00000000-0000-4000-8000-000000000000"); // of long ago
        backend.detach(id, memory);
        assertThat(server.asked("detachVolume")).isEqualTo(1);
        assertThat(backend.find(id).orElseThrow().attachment()).isEmpty();
    }

    @Test
    void tellsOfAJobThatFailsAfterSuccessWasExpectedAndCanBeRepeated() {
        VolumeId id = create(1).id();
        CutMemory memory = new CutMemory();
        server.fail("attachVolume", new Fault.JobFails(530, "Failed to attach volume", false));
        fails(
                Kind.FAILED,
                "'Failed to attach volume'",
                () -> backend.attach(id, VolumeRequest.APPLIANCE, false, memory));
        assertThat(backend.find(id).orElseThrow().attachment()).isEmpty();
        backend.attach(id, VolumeRequest.APPLIANCE, false, memory);
    }

    @Test
    void believesItsEyesMoreThanAJobThatSaysItFailed() {
        VolumeId id = create(1).id();
        server.fail("attachVolume", new Fault.JobFails(530, "Agent timed out", true));
        assertThat(attach(id).devicePath()).isPresent();
    }

    @Test
    void believesItsEyesMoreThanAJobThatSaysItIsDone() {
        VolumeId id = create(1).id();
        server.fail("attachVolume", new Fault.JobLies());
        fails(Kind.FAILED, "has ended, and yet it is not so", () -> attach(id));
    }

    @Test
    void doesNotGuessWhatAnUnknownStatusMeans() {
        VolumeId id = create(1).id();
        server.fail("attachVolume", new Fault.JobStatus(3));
        fails(Kind.FAILED, "has the status '3'", () -> attach(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"attachVolume", "listVolumes"})
    void isUnavailableWhileSomethingElseAnswers(String command) {
        VolumeId id = create(1).id();
        server.fail(command, new Fault.Html(502));
        fails(Kind.UNAVAILABLE, "instead of CloudStack's JSON", () -> attach(id));
        attach(id);
    }

    @Test
    void isUnavailableWhileTheCloudIsDown() {
        server.close();
        fails(Kind.UNAVAILABLE, server.endpoint().getAuthority(), () -> create(1));
        fails(Kind.UNAVAILABLE, "cannot be reached", () -> backend.check());
    }

    @Test
    void explains431And530And401() {
        VolumeId id = stored();
        server.fail("createSnapshot", new Fault.Refused(530, "not permitted"));
        fails(
                Kind.FAILED,
                "the account lacks the right to createSnapshot",
                () -> backend.snapshot(id, set(), new CutMemory()));
        server.fail("deleteVolume", new Fault.Refused(431, "Please specify a volume that is not attached to any VM."));
        fails(Kind.REFUSED, "detach it first", () -> backend.delete(id, new CutMemory()));
        server.fail("listVolumes", new Fault.Refused(401, "unable to verify user credentials"));
        fails(Kind.REFUSED, "clock", () -> backend.find(id));
    }

    @Test
    void keepsOneOfTheVolumesThatOneCreationMade() {
        Mark mark = mark();
        CutMemory memory = new CutMemory();
        server.fail("createVolume", new Fault.LostReply());
        fails(Kind.UNAVAILABLE, "broke the connection", () -> backend.create(mark, "a", GIB, memory));
        carriedOutLate(mark);
        carriedOutLate(mark);
        assertThat(backend.untagged()).hasSize(3).allSatisfy(volume -> {
            assertThat(volume.mark()).isEqualTo(mark);
            assertThat(volume.name()).isEqualTo("a");
        });
        BackendVolume kept = backend.create(mark, "a", GIB, memory);
        assertThat(backend.owned()).containsExactly(kept);
        assertThat(backend.untagged()).isEmpty();
        carriedOutLate(mark);
        assertThat(backend.created(mark)).contains(kept);
        assertThat(server.asked("createVolume")).isEqualTo(1);
    }

    @Test
    void takesBackAllThatOneCreationMade() {
        Mark mark = mark();
        BackendVolume made = backend.create(mark, "a", GIB, new CutMemory());
        carriedOutLate(mark);
        carriedOutLate(mark);
        carriedOutLate(mark());
        backend.discard(mark, new CutMemory());
        assertThat(backend.find(made.id())).isEmpty();
        assertThat(backend.owned()).isEmpty();
        assertThat(backend.untagged()).as("another creation's").hasSize(1);
    }

    /** A request whose reply nobody waits for any more takes effect. */
    private void carriedOutLate(Mark mark) {
        server.state.add(MarkedName.of("a", mark), GIB).set("state", "Allocated");
    }

    @Test
    void namesTwoVolumesOfOneMarkInsteadOfChoosing() {
        Mark mark = mark();
        backend.create(mark, "a", GIB, new CutMemory());
        String other = server.state.add("a [mk-%s]".formatted(mark), GIB).text("id");
        fails(Kind.FAILED, other, () -> backend.created(mark));
    }

    private VolumeBackend hasty() {
        return Clouds.hasty(server, Duration.ofMillis(200), Clouds.REQUEST_TIMEOUT)
                .volumes();
    }

    /** Returns a back end that waits for a reply so long. */
    private VolumeBackend waiting(Duration requestTimeout) {
        return Clouds.hasty(server, Duration.ofSeconds(5), requestTimeout).volumes();
    }
}
