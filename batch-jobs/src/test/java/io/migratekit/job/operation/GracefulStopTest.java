package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobsApp;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies that are stopped on request, between two servers that count what moves. */
@Timeout(120)
final class GracefulStopTest {
    private static final long MIB = 1 << 20;
    private static final long DISK_BYTES = 48 * MIB;

    @TempDir
    private Path folder;

    @Test
    void aRestartHasNothingToCopyAgain() throws Exception {
        Path image = Images.random(folder.resolve("source.raw"), DISK_BYTES, 60 * MIB, 51);
        Path copied = Images.dirty(folder.resolve("target.raw"), DISK_BYTES);
        try (CountedDisk source = CountedDisk.serve(image, folder.resolve("s"));
                CountedDisk target = CountedDisk.serve(copied, folder.resolve("t"));
                JobsApp app = JobsApp.start(
                        folder,
                        JobsApp.memoryDatabase(),
                        Object.class,
                        "migratekit.chunk.bytes=2MB",
                        "migratekit.copy.window=2MB")) {
            for (long stopBytes : new long[] {MIB, 5 * MIB, 3 * MIB}) {
                long before = source.movedBytes();
                CompletableFuture<JobHandle<ReplicationResult, ReplicationProgress>> handle = new CompletableFuture<>();
                source.alarmAfter(stopBytes, () -> handle.join().requestStop());
                handle.complete(start(app, source, target));

                ReplicationResult stopped = handle.join().result();

                assertThat(stopped.status()).isEqualTo("stopped");
                assertThat(source.movedBytes()).isGreaterThan(before).isLessThan(DISK_BYTES);
            }

            ReplicationResult result = start(app, source, target).result();

            assertThat(result.status()).isEqualTo("completed");
            assertThat(result.restarts()).isEqualTo(3);
            assertThat(source.againBytes()).as("bytes read again").isZero();
            assertThat(target.againBytes()).as("bytes written again").isZero();
            assertThat(result.bytesRecopied()).as("what the job says of it").isZero();
            assertThat(result.bytesCopied() + result.bytesZeroed() + result.bytesSkipped())
                    .isEqualTo(DISK_BYTES);
        }
        assertThat(Images.mismatch(image, copied)).isEqualTo(-1);
    }

    private static JobHandle<ReplicationResult, ReplicationProgress> start(
            JobsApp app, CountedDisk source, CountedDisk target) {
        return app.get(OneOffCopies.class).start(source.uri(), target.uri(), StartOptions.defaults());
    }
}
