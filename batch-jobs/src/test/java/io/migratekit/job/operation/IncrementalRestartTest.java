package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobException;
import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Incremental replications that are cut: each night of one machine at another chunk, until a night has fewer. */
final class IncrementalRestartTest {
    private static final long MIB = 1 << 20;
    private static final int CHUNKS_MIN = 8;
    private static final int NIGHTS_MAX = 60;

    @TempDir
    private Path folder;

    @Test
    void goesOnAfterBeingCutAtAnyChunkWithWhatChangedAlone() throws Exception {
        try (JobsApp app = CuttingCopies.app(folder, JobsApp.memoryDatabase())) {
            CuttingCopies copies = app.get(CuttingCopies.class);
            LabFixture lab = new LabFixture(folder);
            LabVm vm = lab.add(app, "nightly", 60, 31, 16 * MIB, 4 * MIB + 512);
            LabFixture.start(app, vm.name()).result();

            int night = 0;
            Optional<String> cut;
            do {
                night++;
                long changedBytesMax = vm.churn(night, 35);
                copies.cutAt(night);
                cut = cut(app, vm);
                copies.heal();
                if (cut.isPresent()) {
                    ReplicationResult result =
                            app.get(Replications.class).restart(cut.get()).result();
                    assertThat(result.jobId()).isEqualTo(cut.get());
                    assertThat(result.restarts()).as("night %d", night).isOne();
                    assertThat(result.bytesRecopied()).as("night %d", night).isBetween(0L, changedBytesMax);
                    assertThat(result.bytesCopied() + result.bytesZeroed())
                            .as("bytes written of what changed, night %d", night)
                            .isBetween(1L, changedBytesMax);
                }
                assertThat(lab.differences(vm)).as("night %d", night).isEmpty();
                assertThat(LabFixture.snapshots(app, vm)).isEmpty();
            } while (cut.isPresent() && night < NIGHTS_MAX);

            assertThat(night).as("chunks of a night").isBetween(CHUNKS_MIN, NIGHTS_MAX - 1);
            MachineCatalog catalog = app.get(MachineCatalog.class);
            assertThat(catalog.restorePoints(catalog.show(vm.name()))).hasSize(1 + night);
        }
    }

    /** Replicates; returns the job if it was cut. */
    private static Optional<String> cut(JobsApp app, LabVm vm) throws InterruptedException {
        JobHandle<ReplicationResult, ReplicationProgress> handle = app.get(Replications.class)
                .start(vm.name(), StartOptions.defaults().withMode(Mode.INCREMENTAL));
        Optional<String> cut = Optional.empty();
        try {
            handle.result();
        } catch (JobException.Failed e) {
            assertThat(e).hasMessageContaining("cut at chunk");
            cut = Optional.of(handle.jobId());
        }
        assertThat(app.get(Replications.class).disks(app.get(Replications.class).find(handle.jobId())))
                .extracting(ReplicationDisk::mode)
                .containsOnly(Mode.INCREMENTAL);
        return cut;
    }
}
