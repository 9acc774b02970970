package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.cloudstack.CloudSite;
import io.migratekit.volume.cloudstack.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an operation when the cloud is away for longer than anybody waits. */
final class CloudOutagesTest extends CloudOperations {
    private static final Duration REPLIES = Duration.ofMillis(600);

    /** More than a reply is waited for, and less than a request that got none is believed to be on its way. */
    private static final Duration LATE = Duration.ofMillis(700);

    @Override
    Site site() {
        return CloudSite.start(folder, Duration.ofMillis(200), REPLIES);
    }

    @Override
    Duration operationTimeout() {
        return Duration.ofMillis(100);
    }

    /** A daemon that is as patient as it should be, for when all is well again. */
    private VolumeOperations patient() {
        daemon.close();
        return new VolumeOperations(
                database.ledger(),
                database.lease(PATIENCE).writes(epoch),
                new Backends(List.of(cloudSite().reopened())),
                engine,
                PATIENCE);
    }

    @ParameterizedTest
    @EnumSource
    void endsAnOperationWhenTheCloudIsDown(Case what) {
        VolumeRequest request = prepared(what);
        Operation failed = during(request, () -> cloud().goDown());
        assertFailed(failed, "cannot be reached", "is the management server running");
        assertThat(failed.failure()).isEqualTo(Kind.UNAVAILABLE);
        cloud().comeBack();
        assertWellAgain(what, request);
    }

    @ParameterizedTest
    @EnumSource
    void endsAnOperationWhenSomethingElseAnswers(Case what) {
        VolumeRequest request = prepared(what);
        Operation failed = during(request, () -> cloud().failAlways(new Fault.Html(502)));
        assertFailed(failed, "status 502", "instead of CloudStack's JSON", "/client/api");
        assertThat(failed.failure()).isEqualTo(Kind.UNAVAILABLE);
        cloud().heal();
        assertWellAgain(what, request);
    }

    @ParameterizedTest
    @EnumSource
    void endsAnOperationWhenItsKeysAreGoodNoMore(Case what) {
        VolumeRequest request = prepared(what);
        Operation failed = during(request, () -> cloud().failAlways(new Fault.Refused(401, "unable to verify")));
        assertFailed(failed, "error 401", "set the keys again");
        assertThat(failed.failure()).isEqualTo(Kind.REFUSED);
        cloud().heal();
        assertWellAgain(what, request);
    }

    @Test
    void endsAnOperationWhenTheCloudIsTooSlow() {
        VolumeRequest request = prepared(Case.ATTACH);
        Operation failed = during(request, () -> cloud().failAlways(new Fault.Slow(LATE)));
        assertFailed(failed, "does not answer within " + REPLIES.toMillis() + " ms", "Left as it is: attach volume");
        cloud().heal();
        assertWellAgain(Case.ATTACH, request);
    }

    /** Lets an operation be accepted, and something go wrong before it begins. */
    private Operation during(VolumeRequest request, Runnable wrong) {
        OperationId id = backend.standingStill(() -> {
            Operation accepted = volumes.submit("during", request);
            wrong.run();
            return accepted.id();
        });
        Operation failed = volumes.await(id, PATIENCE);
        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        return failed;
    }

    private void assertWellAgain(Case what, VolumeRequest request) {
        try (VolumeOperations next = patient()) {
            assertAgreed(next);
            assertDone(next, what, request);
            assertAgreed(next);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "ATTACH", "SNAPSHOT"})
    void takesBackWhatHappensAfterItWasGivenUp(Case what) {
        VolumeRequest request = prepared(what);
        cloud().fail(what.command, new Fault.Slow(LATE));
        Operation failed = ended(request);
        assertFailed(failed, what.command, "does not answer within " + REPLIES.toMillis() + " ms");
        assertUndone(failed);
        assertWellAgain(what, request);
    }

    @Test
    void takesBackACreationWhoseJobNeverEnds() {
        VolumeRequest request = prepared(Case.CREATE);
        cloud().fail("createVolume", new Fault.JobHangs());
        Operation failed = ended(request);
        assertFailed(failed, "(createVolume)", "has not ended after 0.2 s and goes on");
        assertUndone(failed);
        assertWellAgain(Case.CREATE, request);
    }

    @Test
    void saysWhatIsLeftOfAnAttachmentWhoseJobNeverEnds() {
        VolumeRequest request = prepared(Case.ATTACH);
        cloud().fail("attachVolume", new Fault.JobHangs());
        Operation failed = ended(request);
        assertFailed(
                failed,
                "(attachVolume)",
                "has not ended after 0.2 s and goes on; look at the management server",
                "Left as it is: attach volume " + only(),
                "'volume reconcile'");
        assertWellAgain(Case.ATTACH, request);
    }

    @Test
    void saysWhatIsLeftOfASetWhoseJobNeverEndsAndItCanBeDeleted() {
        VolumeRequest request = prepared(Case.SNAPSHOT);
        cloud().fail("createSnapshot", new Fault.None(), new Fault.JobHangs());
        Operation failed = ended(request);
        assertFailed(failed, "(createSnapshot)", "has not ended", "Left as it is: begin snapshot set");
        SnapshotSet left = volumes.snapshotSets(CONTEXT).get(0);
        assertThat(left.state()).isEqualTo(SnapshotSet.State.CREATING);
        assertThat(failed.error().orElseThrow()).contains(left.id().text());
        try (VolumeOperations next = patient()) {
            assertThat(ended(next, new VolumeRequest.DeleteSnapshots(left.id())).error())
                    .isEmpty();
            assertAgreed(next);
            assertDone(next, Case.SNAPSHOT, request);
            assertAgreed(next);
        }
    }

    @Test
    void tellsOfAVolumeThatWasMadeThoughNobodyCouldLook() {
        VolumeRequest request = prepared(Case.CREATE);
        cloud().fail("createVolume", new Fault.LostReply());
        cloud().fail("listVolumes", new Fault.None());
        cloud().failAlways("listVolumes", new Fault.Html(502));
        Operation failed = ended(request);
        assertFailed(failed, "Left as it is: create volume 'new'");
        assertThat(volumes.volumes()).isEmpty();
        cloud().heal();
        VolumeId made = cloud().living().get(0);
        try (VolumeOperations next = patient()) {
            Difference found = next.reconcile(false).get(0);
            assertThat(found.kind()).isEqualTo(Difference.Kind.VOLUME_UNKNOWN);
            assertThat(found.which()).isEqualTo(made.text());
            assertThat(found.detail()).contains("'new'", "delete it there by hand");
            assertThat(ended(next, request).status()).isEqualTo(OperationStatus.COMPLETED);
            assertThat(cloud().living()).hasSize(2);
            assertThat(next.volumes()).singleElement().extracting(Volume::id).isNotEqualTo(made);
            assertThat(next.volumes()).extracting(Volume::context).containsExactly(Optional.of(CONTEXT));
        }
    }
}
