package io.migratekit.job.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.source.DiskKey;
import io.migratekit.source.extent.ByteRange;
import io.migratekit.source.extent.ExtentRunReader;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;

final class RangeCopyStateTest {
    private static final String BEHIND = ExtentRunReader.UNCOMMITTED_BYTES_MAX;

    @Test
    void believesThatNothingIsBehindTheCursorOfAStartThatEndedOnRequest() {
        RangeCopyState range = range();
        range.resume(context(100, 0), true);

        assertThat(range.earlier().getLong(BEHIND)).isZero();
    }

    @Test
    void doesNotBelieveItOnceALaterStartHasDiedBeforeItsFirstCommit() {
        for (ExecutionContext left : new ExecutionContext[] {context(100, 0), new ExecutionContext()}) {
            RangeCopyState range = range();
            range.resume(context(100, 0), true);
            range.resume(left, false);

            assertThat(range.earlier().getLong(ExtentRunReader.CURSOR)).isEqualTo(100);
            assertThat(range.earlier().containsKey(BEHIND)).isFalse();
        }
    }

    @Test
    void keepsWhatAStartThatDiedSaysToBeBehind() {
        RangeCopyState range = range();
        range.resume(context(200, 50), false);
        range.resume(new ExecutionContext(), false);

        assertThat(range.earlier().getLong(ExtentRunReader.CURSOR)).isEqualTo(200);
        assertThat(range.earlier().getLong(BEHIND)).isEqualTo(50);
    }

    private static ExecutionContext context(long cursorBytes, long behindBytes) {
        ExecutionContext context = new ExecutionContext();
        context.putLong(ExtentRunReader.CURSOR, cursorBytes);
        context.putLong(BEHIND, behindBytes);
        return context;
    }

    private static RangeCopyState range() {
        ReplicationDisk disk = new ReplicationDisk(
                1,
                new DiskKey("0"),
                "source.raw",
                new TargetRef("target.raw"),
                ReplicationDisk.State.PLANNED,
                Mode.FULL,
                "it is the first",
                1000,
                1000,
                Optional.empty(),
                false,
                1,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                0);
        return new RangeCopyState(disk, 0, new ByteRange(0, 1000));
    }
}
