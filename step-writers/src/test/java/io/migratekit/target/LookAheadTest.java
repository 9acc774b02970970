package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.wire.Command;
import io.migratekit.source.extent.ExtentRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How far a copy runs ahead of its commits: far enough that the pipe stays full, and no farther. */
@Timeout(60)
final class LookAheadTest {
    private static final int SIZE_BYTES = 3_000_000;

    @TempDir
    Path folder;

    @Test
    void neverRunsFartherAheadThanItsWindow() throws IOException {
        for (int runBytes : new int[] {20_000, 100_000, 1_000_000}) { // shorter and longer than the window
            PlannedDisk plan = PlannedDisk.whole(SIZE_BYTES, runBytes, 1);
            Arrays.fill(plan.content(), (byte) 1);
            AtomicLong committedBytes = new AtomicLong();
            AtomicLong farthestBytes = new AtomicLong();
            try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
                rig.target.fault(request -> {
                    if (request.command() == Command.WRITE) {
                        long end = request.offsetBytes() + request.lengthBytes();
                        farthestBytes.accumulateAndGet(end - committedBytes.get(), Math::max);
                    }
                    return 0;
                });
                try (RangeCopier copier = rig.open()) {
                    for (ExtentRun run : plan.runs()) {
                        rig.copyNext(copier);
                        committedBytes.set(run.untilBytes());
                    }
                }
                rig.assertTargetIsRight();
            }
            assertThat(farthestBytes.get())
                    .as("bytes ahead of the last commit, runs of %d", runBytes)
                    .isLessThanOrEqualTo(runBytes + CopyRig.SETTINGS.windowBytes())
                    .isGreaterThan(runBytes);
        }
    }

    @Test
    void finishingLeavesNothingBehindWhereItSaysThatItIsDurable() throws IOException {
        for (int runBytes : new int[] {20_000, 100_000, 1_000_000}) {
            PlannedDisk plan = PlannedDisk.whole(SIZE_BYTES, runBytes, 7);
            AtomicLong farthestBytes = new AtomicLong();
            try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
                rig.target.fault(request -> {
                    farthestBytes.accumulateAndGet(request.offsetBytes() + request.lengthBytes(), Math::max);
                    return 0;
                });
                long durableBytes;
                try (RangeCopier copier = rig.open()) {
                    rig.copyNext(copier);
                    durableBytes = copier.finish();
                }
                CopyProgress.Numbers numbers = rig.progress.numbers();
                assertThat(durableBytes).isGreaterThanOrEqualTo(runBytes);
                assertThat(farthestBytes.get()).isEqualTo(durableBytes);
                assertThat(numbers.copiedBytes() + numbers.zeroedBytes()).isEqualTo(durableBytes);
                byte[] durable = rig.target.disk().durable();
                assertThat(Arrays.mismatch(durable, 0, (int) durableBytes, plan.content(), 0, (int) durableBytes))
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void finishingSurvivesATargetThatDiesWithWhatWasBegun() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(SIZE_BYTES, 100_000, 8);
        Arrays.fill(plan.content(), (byte) 1);
        AtomicInteger flushes = new AtomicInteger();
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
            rig.target.fault(request -> {
                if (request.command() == Command.FLUSH && flushes.incrementAndGet() == 2) {
                    throw new FaultyServer.Crash();
                }
                return 0;
            });
            long durableBytes;
            try (RangeCopier copier = rig.open()) {
                rig.copyNext(copier);
                durableBytes = copier.finish();
            }
            byte[] durable = rig.target.disk().durable();
            assertThat(Arrays.mismatch(durable, 0, (int) durableBytes, plan.content(), 0, (int) durableBytes))
                    .isEqualTo(-1);
            assertThat(rig.progress.numbers().copiedBytes()).isEqualTo(durableBytes);
        }
    }

    @Test
    void refusesARunThatDoesNotFollowTheOneBefore() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(400_000, 100_000, 2);
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan);
                RangeCopier copier = rig.open()) {
            rig.copyNext(copier);
            ExtentRun far = new ExtentRun(900_000, 1_000_000, List.of());
            assertThatThrownBy(() -> copier.copy(far))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("run [900000, 1000000) came where one from");
        }
    }

    @Test
    void sendsNothingMoreOnceSomebodyElseMayHaveTheTarget() throws Exception {
        PlannedDisk plan = PlannedDisk.whole(SIZE_BYTES, 1_000_000, 2);
        Arrays.fill(plan.content(), (byte) 1);
        AtomicBoolean fenced = new AtomicBoolean();
        AtomicLong late = new AtomicLong();
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
            rig.stop = new StopSignal() {
                @Override
                public boolean stopping() {
                    return false;
                }

                @Override
                public boolean fenced() {
                    return fenced.get();
                }
            };
            rig.target.fault(request -> {
                if (request.command() == Command.WRITE && fenced.getAndSet(true)) {
                    late.addAndGet(request.lengthBytes());
                }
                return 0;
            });
            try (RangeCopier copier = rig.open()) {
                assertThatThrownBy(() -> rig.copyNext(copier))
                        .isInstanceOf(CopyException.Fenced.class)
                        .hasMessageContaining("goes on from its last commit");
            }
        }
        assertThat(late.get()).as("bytes that were sent already").isLessThanOrEqualTo(CopyRig.SETTINGS.windowBytes());
    }

    @Test
    void countsBytesWithTheRunTheyBelongToHoweverFarItIsAhead() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(400_000, 50_000, 2);
        Arrays.fill(plan.content(), (byte) 1);
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan);
                RangeCopier copier = rig.open()) {
            for (ExtentRun run : plan.runs()) {
                rig.copyNext(copier);
                assertThat(rig.progress.numbers().copiedBytes()).isEqualTo(run.untilBytes());
            }
        }
    }

    @Test
    void goesOnWhileTheCallerStoresItsCursor() throws Exception {
        PlannedDisk plan = PlannedDisk.whole(400_000, 200_000, 2);
        Arrays.fill(plan.content(), (byte) 1);
        AtomicInteger flushes = new AtomicInteger();
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
            rig.target.fault(request -> {
                if (request.command() == Command.FLUSH) {
                    flushes.incrementAndGet();
                }
                return 0;
            });
            try (RangeCopier copier = rig.open()) {
                rig.copyNext(copier);
                long deadlineNanos = System.nanoTime() + 20_000_000_000L;
                while (!Arrays.equals(rig.target.disk().written(), plan.content())) {
                    assertThat(System.nanoTime()).isLessThan(deadlineNanos);
                    Thread.sleep(5);
                }
                assertThat(flushes)
                        .as("flushes for the one run that was to be committed")
                        .hasValue(1);
            }
        }
    }

    @Test
    void aRunIsOnItsWayBeforeTheOneBeforeItIsCommitted() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(400_000, 100_000, 2);
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan);
                RangeCopier copier = rig.open()) {
            rig.copyNext(copier);
            assertThat(rig.target.requests() + rig.source.requests())
                    .as("more was asked than the first run needs")
                    .isGreaterThan(2 * 2 + 1);
            while (rig.nextRun() < plan.runs().size()) {
                rig.copyNext(copier);
            }
            rig.assertTargetIsRight();
        }
    }
}
