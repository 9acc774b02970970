package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.DiskKey;
import io.migratekit.source.lab.LabFault;
import io.migratekit.source.lab.LabFaults;
import io.migratekit.source.lab.LabVm;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Jobs that are cut, stopped and taken over; the end state must be the source, byte for byte. */
final class ReplicationRestartTest extends CuttingFixture {

    @Test
    void goesOnAfterBeingCutAtAnyChunk() throws Exception {
        int chunks = Integer.MAX_VALUE;
        for (int cut = 1; cut <= Math.min(chunks, 40); cut++) {
            LabVm vm = lab.add(app, "cut at " + cut, 40, cut, 8 * MIB, 4 * MIB + 512);
            copies.cutAt(cut);
            String jobId = failed(vm);
            copies.heal();
            copies.cutAt(Integer.MAX_VALUE);

            JobHandle<ReplicationResult, ReplicationProgress> again = LabFixture.start(app, vm.name());
            ReplicationResult result = again.result();

            assertThat(lab.differences(vm)).as("cut at chunk %d", cut).isEmpty();
            assertThat(again.resumed()).isTrue();
            assertThat(result.jobId()).isEqualTo(jobId);
            assertThat(result.restarts()).isOne();
            assertThat(result.bytesRecopied())
                    .as("the chunk that was cut, %d, and nothing of the other ranges", cut)
                    .isBetween(0L, MIB);
            if (cut == 1) {
                copies.cutAt(Integer.MAX_VALUE);
                chunks = chunksOfOneRun();
            }
        }
    }

    @Test
    void cutOverAndOverItStillEndsWhole() throws Exception {
        LabVm vm = lab.add(app, "unlucky", 90, 11, 24 * MIB);
        for (int turn = 1; turn <= 5; turn++) {
            copies.cutAt(2);
            failed(vm);
        }
        copies.heal();

        ReplicationResult result = LabFixture.start(app, vm.name()).result();

        assertThat(result.restarts()).isEqualTo(5);
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void aGuestThatGoesOnWritingDoesNotChangeTheMomentOfARestart() throws Exception {
        LabVm vm = lab.add(app, "writing", 50, 12, 8 * MIB);
        copies.cutAt(3);
        failed(vm);
        copies.heal();
        vm.churn(5, 10);

        LabFixture.start(app, vm.name()).result();
        assertThat(lab.differences(vm)).isNotEmpty();
        LabFixture.start(app, vm.name()).result();

        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void aLostSnapshotIsReplacedAndNothingOfItsDataStays() throws Exception {
        LabVm vm = lab.add(app, "lost", 50, 13, 8 * MIB);
        copies.cutAt(4);
        String jobId = failed(vm);
        copies.heal();
        DiskKey key = vm.diskKeys().get(0);
        vm.write(key, 0, ByteBuffer.allocate((int) (4 * MIB))); // zeroes over what was copied already
        lab.lab().setFaults(LabFaults.none().with(LabFault.LOST_SNAPSHOT, 1));

        ReplicationResult result = LabFixture.start(app, vm.name()).result();

        assertThat(result.jobId()).isEqualTo(jobId);
        assertThat(app.get(Replications.class).events(jobId, 0))
                .extracting(JobEvent::code)
                .contains("snapshot.lost");
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void anotherModeGivesTheUnfinishedJobUpAndItsSnapshotIsRemoved() throws Exception {
        LabVm vm = lab.add(app, "given up", 50, 14, 8 * MIB);
        copies.cutAt(2);
        String first = failed(vm);
        copies.heal();

        ReplicationResult second = app.get(Replications.class)
                .start(vm.name(), StartOptions.defaults().withMode(io.migratekit.job.Mode.FULL))
                .result();

        assertThat(second.jobId()).isNotEqualTo(first);
        assertThat(app.get(Replications.class).find(first).status()).isEqualTo(JobStatus.SUPERSEDED);
        assertThat(app.get(Replications.class).events(second.jobId(), 0))
                .extracting(JobEvent::code)
                .contains("snapshot.leftover.removed");
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void aTargetThatVanishesHalfWayIsCopiedAnewFromItsBeginning() throws Exception {
        LabVm vm = lab.add(app, "half way", 80, 21, 16 * MIB, 4 * MIB);
        Path target = lab.target(vm.name(), vm.diskKeys().get(0));
        copies.cutAt(6);
        String jobId = failed(vm);
        Files.delete(target);
        copies.cutAt(6);
        assertThat(failed(vm)).isEqualTo(jobId);
        Files.delete(target);
        Images.dirty(target, 17 * MIB); // another volume, larger
        copies.heal();

        ReplicationResult result = LabFixture.start(app, vm.name()).result();

        assertThat(result.jobId()).isEqualTo(jobId);
        assertThat(app.get(Replications.class).events(jobId, 0))
                .extracting(JobEvent::code)
                .contains("target.replaced");
        assertThat(Images.mismatch(vm.image(vm.diskKeys().get(0)), target)).isEqualTo(16 * MIB);
    }

    @Test
    void anotherImageOfTheSameSizeHalfWayIsCopiedAnewFromItsBeginning() throws Exception {
        LabVm vm = lab.add(app, "swapped", 80, 22, 16 * MIB);
        Path target = lab.target(vm.name(), vm.diskKeys().get(0));
        copies.cutAt(6);
        String jobId = failed(vm);
        Files.delete(target);
        Images.dirty(target, 16 * MIB);
        copies.heal();

        ReplicationResult result = LabFixture.start(app, vm.name()).result();

        assertThat(result.jobId()).isEqualTo(jobId);
        assertThat(app.get(Replications.class).events(jobId, 0))
                .extracting(JobEvent::code)
                .contains("target.replaced");
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void noRangeCommitsOnItsOwnFlushOnceAnotherOnesFailed() throws Exception {
        LabVm vm = lab.add(app, "lost pages", 90, 23, 24 * MIB);
        copies.failFlushAt(1);
        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result())
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("cut at the flush");

        List<String> cursors = app.get(JdbcClient.class)
                .sql("SELECT SHORT_CONTEXT FROM BATCH_STEP_EXECUTION_CONTEXT c JOIN BATCH_STEP_EXECUTION e"
                        + " ON e.STEP_EXECUTION_ID = c.STEP_EXECUTION_ID WHERE e.STEP_NAME LIKE 'copyRange:%'"
                        + " AND e.COMMIT_COUNT > 0")
                .query(String.class)
                .list();
        assertThat(cursors).isEmpty();

        copies.heal();
        LabFixture.start(app, vm.name()).result();
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void whatBatchCallsUnknownIsRestartedAllTheSame() throws Exception {
        LabVm vm = lab.add(app, "unknown", 80, 20, 16 * MIB);
        copies.cutAt(3);
        failed(vm);
        copies.heal();
        JdbcClient sql = app.get(JdbcClient.class);
        sql.sql("UPDATE BATCH_STEP_EXECUTION SET STATUS = 'UNKNOWN' WHERE STATUS = 'FAILED'")
                .update();
        sql.sql("UPDATE BATCH_JOB_EXECUTION SET STATUS = 'UNKNOWN', END_TIME = NULL WHERE STATUS = 'FAILED'")
                .update();

        assertThat(LabFixture.start(app, vm.name()).result().restarts()).isOne();
        assertThat(lab.differences(vm)).isEmpty();
    }

    private String failed(LabVm vm) throws InterruptedException {
        JobHandle<ReplicationResult, ReplicationProgress> handle = LabFixture.start(app, vm.name());
        assertThatThrownBy(handle::result)
                .isInstanceOf(JobException.Failed.class)
                .hasMessageContaining("cut at");
        assertThat(app.get(Replications.class).find(handle.jobId()).status()).isEqualTo(JobStatus.FAILED);
        return handle.jobId();
    }

    private int chunksOfOneRun() throws Exception {
        LabVm vm = lab.add(app, "counted", 40, 99, 8 * MIB, 4 * MIB + 512);
        LabFixture.start(app, vm.name()).result();
        // The other machines have other data: one chunk less is reached by each of them.
        return copies.chunks() - 2;
    }
}
