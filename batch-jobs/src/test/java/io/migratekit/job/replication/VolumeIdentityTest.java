package io.migratekit.job.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.Operation.Step;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class VolumeIdentityTest {
    private static final VolumeId ID = new VolumeId("2ff6ccaf-404c-8efd-a5bf-806c78a4d401");
    private static final VolumeRequest REVERT =
            new VolumeRequest.Revert(new SnapshotSetId("set-d2c809c8-f2a3-4223-b4c8-374c8b4dd1ad"));
    private static final VolumeRequest EXPORT = new VolumeRequest.Export(ID, false);

    @Test
    void staysTheSameOverExportsAndAttachmentsToTheAppliance() {
        VolumeRequest attach = new VolumeRequest.Attach(ID, VolumeRequest.APPLIANCE, false);
        assertThat(VolumeIdentity.of(ID, List.of(completed(EXPORT), completed(attach))))
                .isEqualTo("volume " + ID)
                .isEqualTo(VolumeIdentity.of(ID, List.of()));
    }

    @Test
    void isAnotherOneAfterEachRevert() {
        Operation first = completed(REVERT);
        String once = VolumeIdentity.of(ID, List.of(completed(EXPORT), first));
        assertThat(once).contains(ID.text(), first.id().text()).hasSizeLessThanOrEqualTo(100);
        assertThat(VolumeIdentity.of(ID, List.of(completed(EXPORT), completed(REVERT), first)))
                .isNotEqualTo(once);
    }

    @Test
    void isAnotherOneAfterAVmHadTheVolume() {
        VolumeRequest attach = new VolumeRequest.Attach(ID, "i-2-7-VM", true);
        assertThat(VolumeIdentity.of(ID, List.of(completed(attach)))).isNotEqualTo("volume " + ID);
    }

    @Test
    void isAnotherOneAfterTheVolumeWasAway() {
        VolumeRequest reinstate = new VolumeRequest.Reinstate(ID);
        assertThat(VolumeIdentity.of(ID, List.of(completed(EXPORT), completed(reinstate))))
                .isNotEqualTo("volume " + ID);
        assertThat(VolumeIdentity.of(ID, List.of(operation(reinstate, OperationStatus.FAILED, List.of()))))
                .isEqualTo("volume " + ID);
    }

    @Test
    void staysTheSameAfterARevertThatWasRefusedAndNotAfterOneThatStoppedHalfWay() {
        Operation refused = operation(REVERT, OperationStatus.FAILED, List.of());
        Operation undone = operation(REVERT, OperationStatus.FAILED, List.of(new Step("mark", Step.State.UNDONE)));
        assertThat(VolumeIdentity.of(ID, List.of(refused, undone))).isEqualTo("volume " + ID);
        Operation halfWay = operation(REVERT, OperationStatus.FAILED, List.of(new Step("revert", Step.State.LEFT)));
        assertThat(VolumeIdentity.of(ID, List.of(refused, halfWay)))
                .contains(halfWay.id().text());
    }

    private static Operation completed(VolumeRequest request) {
        return operation(request, OperationStatus.COMPLETED, List.of(new Step("it", Step.State.COMPLETED)));
    }

    private static Operation operation(VolumeRequest request, OperationStatus status, List<Step> steps) {
        return new Operation(
                new OperationId("op-" + UUID.randomUUID()),
                "key",
                request,
                status,
                List.of(ID),
                Optional.empty(),
                Optional.empty(),
                steps,
                VolumeException.Kind.FAILED, // of those that failed
                Optional.empty(),
                Instant.EPOCH,
                Optional.empty());
    }
}
