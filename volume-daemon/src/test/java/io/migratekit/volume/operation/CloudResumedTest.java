package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.cloudstack.Fault;
import io.migratekit.volume.ledger.JournalWrites;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A daemon dies while the cloud works for it; the next one waits for the same job, and asks for nothing twice. */
final class CloudResumedTest extends CloudOperations {
    private static final String LOOK = "queryAsyncJobResult";

    private volatile boolean dead;
    private @Nullable VolumeOperations doomed;

    @AfterEach
    void bury() {
        if (doomed != null) {
            doomed.close();
        }
    }

    /** Thrown in place of the death of a process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "ATTACH", "SNAPSHOT"})
    void waitsForTheJobThatAnEarlierDaemonBegan(Case what) {
        VolumeRequest request = prepared(what);
        long before = cloud().asked(what.command);
        OperationId id = cutWhileTheCloudWorks(request);
        try (VolumeOperations next = daemon(database.lease(PATIENCE).writes(epoch))) {
            assertThat(next.recover()).isEqualTo(1);
            awaitMore(LOOK);
            assertThat(next.operation(id).status()).isEqualTo(OperationStatus.EXECUTING);
            cloud().holdJobs(false);
            assertCompleted(next, id);
            assertAgreed(next);
        }
        long calls = what == Case.SNAPSHOT ? 2 : 1;
        assertThat(cloud().asked(what.command) - before).isEqualTo(calls);
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "ATTACH", "SNAPSHOT"})
    void seesWhatWasDoneThoughTheJobIsForgottenMeanwhile(Case what) {
        VolumeRequest request = prepared(what);
        long before = cloud().asked(what.command);
        OperationId id = cutWhileTheCloudWorks(request);
        cloud().holdJobs(false);
        cloud().forgetJobs();
        try (VolumeOperations next = daemon(database.lease(PATIENCE).writes(epoch))) {
            next.recover();
            assertCompleted(next, id);
            assertAgreed(next);
        }
        long calls = what == Case.SNAPSHOT ? 2 : 1;
        assertThat(cloud().asked(what.command) - before).isEqualTo(calls);
    }

    @ParameterizedTest
    @EnumSource(names = {"ATTACH", "SNAPSHOT"})
    void takesBackWhatFailedMeanwhile(Case what) {
        VolumeRequest request = prepared(what);
        cloud().fail(what.command, new Fault.JobFails(530, "no such host", false));
        OperationId id = cutWhileTheCloudWorks(request);
        cloud().holdJobs(false);
        try (VolumeOperations next = daemon(database.lease(PATIENCE).writes(epoch))) {
            next.recover();
            Operation failed = next.await(id, PATIENCE);
            assertFailed(failed, "'no such host'");
            assertUndone(failed);
            assertAgreed(next);
            assertDone(next, what, request);
            assertAgreed(next);
        }
    }

    private OperationId cutWhileTheCloudWorks(VolumeRequest request) {
        JournalWrites living = database.lease(PATIENCE).writes(epoch);
        doomed = daemon(work -> {
            if (dead) {
                throw new Killed();
            }
            living.run(work);
        });
        cloud().holdJobs(true);
        OperationId id = doomed.submit("cut", request).id();
        awaitMore(LOOK);
        dead = true; // it writes nothing any more, and dies of the first thing that it wants to write
        return id;
    }

    private void awaitMore(String command) {
        long before = cloud().asked(command);
        while (cloud().asked(command) < before + 3) {
            Thread.onSpinWait();
        }
    }

    private VolumeOperations daemon(JournalWrites through) {
        return new VolumeOperations(
                database.ledger(), through, new Backends(List.of(cloudSite().reopened())), engine, PATIENCE);
    }

    private static void assertCompleted(VolumeOperations next, OperationId id) {
        Operation ended = next.await(id, PATIENCE);
        assertThat(ended.error()).isEmpty();
        assertThat(ended.status()).isEqualTo(OperationStatus.COMPLETED);
    }
}
