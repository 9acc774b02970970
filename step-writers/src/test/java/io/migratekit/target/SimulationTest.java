package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.wire.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random disks, runs, settings and faults; a copier that gives up is followed by another one, as after a restart. */
@Timeout(120)
final class SimulationTest {
    private static final int RESTARTS_MAX = 20;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theTargetEndsAsTheSourceWas(long seed) throws IOException {
        Random random = new Random(seed);
        int sizeBytes = 100_000 + random.nextInt(1_500_000);
        PlannedDisk plan = random.nextBoolean()
                ? PlannedDisk.scattered(sizeBytes, 1 << random.nextInt(13), seed)
                : PlannedDisk.whole(sizeBytes, 20_000 + random.nextInt(400_000), seed);
        boolean targetIsZero = random.nextInt(3) == 0;
        byte[] before = targetIsZero ? new byte[sizeBytes] : PlannedDisk.noise(sizeBytes, seed);
        try (CopyRig rig = new CopyRig(folder, plan, before)) {
            rig.targetIsZero = targetIsZero;
            rig.settings = settings(random);
            rig.source.fault(faults(new Random(seed + 1), sizeBytes));
            rig.target.fault(faults(new Random(seed + 2), sizeBytes));
            copyWithRestarts(rig);
            rig.assertTargetIsRight();
        }
    }

    static LongStream seeds() {
        Long only = Long.getLong("seed");
        return only != null ? LongStream.of(only) : LongStream.range(0, 60);
    }

    private static void copyWithRestarts(CopyRig rig) throws IOException {
        int restarts = 0;
        while (rig.nextRun() < rig.plan.runs().size()) {
            int run = rig.nextRun();
            try {
                rig.copy();
            } catch (CopyException.Refused e) {
                assertThat(++restarts).as("restarts; the last: %s", e).isLessThan(RESTARTS_MAX);
                rig.restartAt(Math.max(run, rig.nextRun() - 1)); // the run that failed was taken, but is not committed
            }
        }
        CopyProgress.Numbers numbers = rig.progress.numbers();
        long accounted = numbers.copiedBytes() + numbers.zeroedBytes() + numbers.skippedBytes();
        if (restarts == 0) {
            assertThat(accounted).isEqualTo(rig.plan.plannedBytes());
        } else {
            assertThat(accounted).isGreaterThanOrEqualTo(rig.plan.plannedBytes());
        }
    }

    private static CopySettings settings(Random random) {
        int request = 64 << 10 << random.nextInt(2);
        int far = request << random.nextInt(2);
        return new CopySettings(
                request,
                far,
                2L * far + random.nextInt(500_000),
                4096 << random.nextInt(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                3);
    }

    /** A few crashes and errors at random requests, and none after them, so that it comes to an end. */
    private static FaultyServer.Fault faults(Random random, int sizeBytes) {
        int last = 20 + sizeBytes / 10_000;
        int crashes = random.nextInt(4);
        int errors = random.nextInt(4);
        return request -> {
            if (request.index() < last && random.nextInt(last) < crashes) {
                throw new FaultyServer.Crash();
            }
            return request.index() < last && random.nextInt(last) < errors ? ErrorCode.EIO.code : 0;
        };
    }
}
