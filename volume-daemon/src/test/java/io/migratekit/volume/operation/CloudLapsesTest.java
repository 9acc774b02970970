package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.cloudstack.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of an operation when one call of the cloud goes wrong. */
final class CloudLapsesTest extends CloudOperations {

    @Override
    Duration operationTimeout() {
        return PATIENCE; // what is worth another try gets one
    }

    @ParameterizedTest
    @EnumSource
    void bringsAnOperationToItsEndThoughAReplyIsLost(Case what) {
        VolumeRequest request = prepared(what);
        cloud().fail(what.command, new Fault.LostReply());
        assertDone(volumes, what, request);
        assertAgreed();
        assertThat(cloud().asked(what.command)).as("nothing is asked for twice").isEqualTo(expectedCalls(what));
    }

    @ParameterizedTest
    @EnumSource(names = {"ATTACH", "DELETE"})
    void bringsAnOperationToItsEndThoughSomethingElseAnswersForAWhile(Case what) {
        VolumeRequest request = prepared(what);
        cloud().fail(what.command, new Fault.Html(502), new Fault.Refused(503, "unavailable"), new Fault.LostRequest());
        assertDone(volumes, what, request);
        assertAgreed();
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "ATTACH", "SNAPSHOT"})
    void believesWhatItSeesMoreThanAJobThatSaysItFailed(Case what) {
        VolumeRequest request = prepared(what);
        cloud().fail(what.command, new Fault.JobFails(530, "Agent timed out", true));
        assertDone(volumes, what, request);
        assertAgreed();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(Case.values())
                .flatMap(what -> Stream.of(
                        Arguments.of(
                                what, new Fault.Refused(401, "unable to verify"), Kind.REFUSED, "set the keys again"),
                        Arguments.of(what, new Fault.Refused(431, "it is attached"), Kind.REFUSED, "detach it first"),
                        Arguments.of(what, new Fault.Refused(530, "no"), Kind.FAILED, "the account's role"),
                        Arguments.of(what, new Fault.Refused(533, "full"), Kind.NO_ROOM, "free or add storage")));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void takesBackWhatWasDoneWhenTheCloudSaysNo(Case what, Fault.Refused no, Kind kind, String help) {
        VolumeRequest request = prepared(what);
        cloud().fail(what.command, what == Case.SNAPSHOT ? new Fault.None() : no, no);
        Operation failed = ended(request);
        assertFailed(failed, what.command, "error " + no.code(), no.text(), help);
        assertThat(failed.failure()).isEqualTo(kind);
        if (what == Case.DELETE && kind == Kind.FAILED) {
            assertThat(failed.error().orElseThrow()).contains("Left as it is: delete volume " + only());
        } else {
            assertUndone(failed);
        }
        assertAgreed();
        cloud().heal();
        assertDone(volumes, what, request);
        assertAgreed();
    }

    @Test
    void showsWhatTheCloudMadeOfRequestsThatNobodyWaitedFor() {
        cloud().fail("createVolume", new Fault.Refused(530, "the database is away"));
        Operation failed = ended(prepared(Case.CREATE));
        assertUndone(failed);
        String digits = failed.id().text().substring("op-".length()).replace("-", "");
        VolumeId late = cloud().late("new [mk-%s-0]".formatted(digits), sizeBytes);
        cloud().late("new [mk-%s-0]".formatted(UUID.randomUUID().toString().replace("-", "")), sizeBytes);
        assertThat(volumes.reconcile(true)).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(Difference.Kind.VOLUME_UNKNOWN);
            assertThat(difference.which()).isEqualTo(late.text());
            assertThat(difference.repaired()).isFalse();
            assertThat(difference.detail()).contains(failed.id().text(), "'new'", "delete it there by hand");
        });
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of(Case.ATTACH, new Fault.JobFails(530, "no such host", false), "'no such host'"),
                Arguments.of(Case.SNAPSHOT, new Fault.JobFails(530, "no such host", false), "'no such host'"),
                Arguments.of(Case.ATTACH, new Fault.JobLies(), "has ended, and yet it is not so"));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void takesBackWhatWasDoneWhenAJobFailsWhoseSuccessWasExpected(Case what, Fault end, String words) {
        VolumeRequest request = prepared(what);
        cloud().fail(what.command, what == Case.SNAPSHOT ? new Fault.None() : end, end);
        Operation failed = ended(request);
        assertFailed(failed, what.command.equals("attachVolume") ? "job " : what.command, words);
        assertUndone(failed);
        assertAgreed();
        cloud().heal();
        assertDone(volumes, what, request);
        assertAgreed();
    }

    @Test
    void leavesWhatAnUnknownStatusMeansToPeople() {
        VolumeRequest request = prepared(Case.ATTACH);
        cloud().fail("attachVolume", new Fault.JobStatus(3));
        Operation failed = ended(request);
        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(failed.error().orElseThrow())
                .contains("has the status '3'", "CloudStack's events")
                .contains("Left as it is: attach volume " + only());
        assertAgreed();
        assertDone(volumes, Case.ATTACH, request);
        assertAgreed();
    }

    @Test
    void detachesWhatNoDeviceAppearsFor() {
        cloud().hideDevices();
        refusesTheDevice("does not appear");
    }

    @Test
    void detachesWhatLeadsToAnotherVolumesDevice() {
        VolumeId other = create("other");
        attach(other, VolumeRequest.APPLIANCE);
        cloud().swapNextDevice(other);
        refusesTheDevice("has the serial number '%s' and so is another volume's".formatted(other.serial()));
        perform(new VolumeRequest.Detach(other));
        perform(new VolumeRequest.Delete(other));
    }

    @Test
    void detachesWhatLeadsToADeviceOfAnotherSize() throws IOException {
        Path file = Files.write(Files.createTempFile(folder, "vd", "z"), new byte[4096]);
        cloud().swapNextDevice(file);
        refusesTheDevice("4096 bytes where the volume has " + sizeBytes);
    }

    private void refusesTheDevice(String words) {
        VolumeId id = create("a");
        VolumeRequest request = new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false);
        Operation failed = ended(request);
        assertThat(failed.failure()).isEqualTo(Kind.FAILED);
        assertThat(failed.error().orElseThrow())
                .contains(id.text(), "virtio-" + id.serial(), words, "lsblk", "nothing is read or written there");
        assertUndone(failed);
        assertThat(cloud().vmOf(id)).isEmpty();
        cloud().heal();
        assertAgreed();
        attach(id, VolumeRequest.APPLIANCE);
        assertAgreed();
    }

    @Test
    void leavesAloneWhatLosesItsTagAtTheMomentOfItsAttachment() {
        VolumeRequest request = prepared(Case.ATTACH);
        VolumeId id = only();
        cloud().untagWhatIsAttached();
        Operation failed = ended(request);
        assertThat(failed.failure()).isEqualTo(Kind.REFUSED);
        assertThat(failed.error().orElseThrow())
                .contains("does not carry our tag")
                .contains("Left as it is: attach volume " + id);
        assertThat(volumes.reconcile(false))
                .extracting(Difference::kind)
                .containsExactly(Difference.Kind.VOLUME_NOT_OURS);
        cloud().heal();
        cloud().own(id, true);
        assertThat(volumes.reconcile(true)).extracting(Difference::kind).containsExactly(Difference.Kind.ATTACHMENT);
        assertAgreed();
        perform(new VolumeRequest.Detach(id));
        assertAgreed();
    }

    private static long expectedCalls(Case what) {
        return what == Case.ATTACH || what == Case.CREATE || what == Case.DELETE ? 1 : 2;
    }
}
