package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobsApp;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several machines that one process replicates. */
final class SideBySideTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void oneDoesNotWaitForTheRangesOfAnother() throws Exception {
        try (JobsApp app = JobsApp.start(
                folder,
                JobsApp.memoryDatabase(),
                CuttingCopies.Wiring.class,
                "migratekit.copy.ranges-at-once=1",
                "migratekit.copy.partitions-per-disk=1")) {
            LabFixture lab = new LabFixture(folder);
            LabVm slow = lab.add(app, "slow", 50, 91, 2 * MIB);
            LabVm quick = lab.add(app, "quick", 50, 92, 2 * MIB);
            CountDownLatch quickIsDone = new CountDownLatch(1);
            AtomicBoolean inTime = new AtomicBoolean();
            CuttingCopies copies = app.get(CuttingCopies.class);
            copies.actAt(1, () -> inTime.set(await(quickIsDone)));
            JobHandle<ReplicationResult, ReplicationProgress> first = LabFixture.start(app, slow.name());
            copies.awaitChunk(1);

            assertThat(LabFixture.start(app, quick.name()).result().status()).isEqualTo("completed");
            quickIsDone.countDown();

            assertThat(first.result().status()).isEqualTo("completed");
            assertThat(inTime)
                    .as("the other one ended while this one held its only slot")
                    .isTrue();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
