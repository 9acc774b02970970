package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.cloudstack.CloudSite;
import io.migratekit.volume.cloudstack.Fault;
import io.migratekit.volume.cloudstack.ScriptedCloud;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cloud that answers that it is at work is waited for, however short the patience with one that is silent. */
final class LongJobsTest extends VolumesFixture {
    /** How long one call to the back end waits for a job; it looks a dozen times. */
    private static final Duration ONE_CALL = Duration.ofMillis(100);

    private static final int SEVERAL_CALLS = 50;

    @TempDir
    static Path folder;

    @Override
    Site site() {
        return CloudSite.start(folder, ONE_CALL, Duration.ofMillis(500));
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return daemon;
    }

    @Test
    void aSnapshotMayTakeLongerThanOneCallWaitsThoughNoSilenceIsBorne() {
        used("a", "ctx");
        daemon.close();
        ScriptedCloud cloud = ((CloudSite) site).cloud();
        try (VolumeOperations patient = new VolumeOperations(
                database.ledger(),
                database.lease(PATIENCE).writes(epoch),
                new Backends(List.of(backend)),
                engine,
                Duration.ZERO,
                PATIENCE)) {
            cloud.holdJobs(true);
            cloud.fail("queryAsyncJobResult", new Fault.None(), new Fault.Html(502)); // gone for a moment
            long before = cloud.asked("queryAsyncJobResult");
            Operation snapshot = patient.submit("key", new VolumeRequest.Snapshot("ctx"));
            while (cloud.asked("queryAsyncJobResult") < before + SEVERAL_CALLS
                    && !patient.operation(snapshot.id()).status().ended()) {
                patient.await(snapshot.id(), ONE_CALL);
            }
            cloud.holdJobs(false);
            Operation ended = patient.await(snapshot.id(), PATIENCE);
            assertThat(ended.error()).isEmpty();
            assertThat(ended.status()).isEqualTo(OperationStatus.COMPLETED);
            assertThat(cloud.asked("createSnapshot")).isEqualTo(1);
        }
    }

    @Test
    void waitsForWorkAndNotForSilence() {
        Patience patience = new Patience(Duration.ZERO, PATIENCE, new CountDownLatch(1));
        AtomicInteger calls = new AtomicInteger();
        patience.call("working", () -> {
            if (calls.incrementAndGet() < 3) {
                throw VolumeException.goingOn("at work", null);
            }
        });
        assertThat(calls).hasValue(3);
        assertThatThrownBy(() -> patience.call("silent", () -> {
                    throw new VolumeException(Kind.UNAVAILABLE, "nobody answers");
                }))
                .hasMessage("nobody answers");
        Patience hasty = new Patience(PATIENCE, Duration.ZERO, new CountDownLatch(1));
        assertThatThrownBy(() -> hasty.call("working", () -> {
                    throw VolumeException.goingOn("at work", null);
                }))
                .hasMessageContaining("at work")
                .hasMessageContaining("job-timeout");
    }
}
