package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.replication.ReplicationResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies between image files, through our own NBD server on both sides. */
final class OneOffCopyTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private JobsApp app;

    @BeforeEach
    void start() {
        app = JobsApp.start(folder, JobsApp.memoryDatabase(), Object.class);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void copiesAnImageToAnImageThatIsMadeForIt() throws Exception {
        Path source = Images.random(folder.resolve("source.raw"), 64 * MIB + 1234, 20 * MIB, 1);
        Path target = folder.resolve("a target.raw");

        ReplicationResult result = copy(source, target);

        assertThat(Images.mismatch(source, target)).isEqualTo(-1);
        assertThat(result.status()).isEqualTo("completed");
        assertThat(result.bytesTotal()).isEqualTo(64 * MIB + 1234);
        assertThat(result.bytesCopied() + result.bytesZeroed() + result.bytesSkipped())
                .isEqualTo(result.bytesTotal());
        assertThat(result.bytesSkipped()).isGreaterThan(30 * MIB);
        assertThat(result.restarts()).isZero();
        assertThat(result.copySeconds()).isPositive();
    }

    @Test
    void writesZeroesWhereTheTargetHoldsOldData() throws Exception {
        Path source = Images.random(folder.resolve("source.raw"), 32 * MIB, 5 * MIB, 2);
        Path target = Images.dirty(folder.resolve("target.raw"), 32 * MIB);

        ReplicationResult result = copy(source, target);

        assertThat(Images.mismatch(source, target)).isEqualTo(-1);
        assertThat(result.bytesZeroed()).isGreaterThan(20 * MIB);
    }

    @Test
    void believesNobodyThatATargetIsZeroWhichItHasWrittenItself() throws Exception {
        Path source = Images.random(folder.resolve("source.raw"), 32 * MIB, 20 * MIB, 4);
        Path target = folder.resolve("target.raw");
        copy(source, target);
        Files.delete(source);
        Images.random(source, 32 * MIB, 5 * MIB, 5); // zeros now lie where there were data

        ReplicationResult again = app.get(OneOffCopies.class)
                .start(source.toString(), target.toString(), new StartOptions(Mode.FULL, Optional.empty(), true, false))
                .result();

        assertThat(again.status()).isEqualTo("completed");
        assertThat(Images.mismatch(source, target)).isEqualTo(-1);
        assertThat(again.bytesZeroed()).isGreaterThan(20 * MIB);
    }

    @Test
    void copiesAgainInFullAfterAFinishedCopy() throws Exception {
        Path source = Images.random(folder.resolve("source.raw"), 16 * MIB, 5 * MIB, 3);
        Path target = folder.resolve("target.raw");
        ReplicationResult first = copy(source, target);
        Files.delete(target);

        ReplicationResult second = copy(source, target);

        assertThat(second.jobId()).isNotEqualTo(first.jobId());
        assertThat(Images.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void copiesAnEmptyDisk() throws Exception {
        Path source = Files.createFile(folder.resolve("source.raw"));
        Path target = folder.resolve("target.raw");

        assertThat(copy(source, target).status()).isEqualTo("completed");
        assertThat(target).isEmptyFile();
    }

    @Test
    void anotherSourceMayBeCopiedToTheTargetOfAFinishedCopy() throws Exception {
        Path one = Images.random(folder.resolve("one.raw"), 8 * MIB, 4 * MIB, 4);
        Path other = Images.random(folder.resolve("other.raw"), 8 * MIB, 4 * MIB, 5);
        Path target = folder.resolve("target.raw");

        copy(one, target);
        copy(other, target);

        assertThat(Images.mismatch(other, target)).isEqualTo(-1);
    }

    @Test
    void refusesATargetThatIsTooSmall() {
        Path source = Images.random(folder.resolve("source.raw"), 8 * MIB, MIB, 6);
        Path target = Images.dirty(folder.resolve("target.raw"), 4 * MIB);

        assertThatThrownBy(() -> copy(source, target))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("too few")
                .hasMessageContaining(target.toString());
    }

    @Test
    void refusesToCopyADiskOntoItself() {
        Path source = Images.random(folder.resolve("source.raw"), MIB, MIB, 7);

        assertThatThrownBy(() -> copy(source, folder.resolve("./source.raw")))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("the same");
    }

    @Test
    void saysThatAMissingSourceDoesNotExist() {
        assertThatThrownBy(() -> copy(folder.resolve("nothing.raw"), folder.resolve("target.raw")))
                .isInstanceOf(JobException.NoSuch.class)
                .hasMessageContaining("nothing.raw");
        assertThat(folder.resolve("target.raw")).doesNotExist();
    }

    private ReplicationResult copy(Path source, Path target) throws InterruptedException {
        return app.get(OneOffCopies.class)
                .start(source.toString(), target.toString(), StartOptions.defaults())
                .result();
    }
}
