package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.MemoryDevice;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A side dies at every request, and connections are cut at many bytes: the copy ends right all the same. */
@Timeout(120)
final class CrashTest {
    private static final int SIZE_BYTES = 700_000;

    @TempDir
    Path folder;

    @Test
    void survivesATargetThatDiesAtAnyRequestAndLosesUnflushedWrites() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(SIZE_BYTES, 150_000, 1);
        int index = 0;
        boolean crashed = true;
        while (crashed) {
            AtomicBoolean once = new AtomicBoolean();
            int at = index++;
            try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
                rig.target.fault(request -> crashAt(at, request, once));
                rig.copyAndCheck();
                crashed = once.get();
                assertThat(rig.progress.numbers().reconnects()).isEqualTo(crashed ? 1 : 0);
                assertThat(rig.progress.numbers().recopiedBytes()).isLessThanOrEqualTo(plan.plannedBytes());
            }
        }
        assertThat(index).as("crash points").isGreaterThan(20);
    }

    @Test
    void survivesATargetThatDiesAgainAndAgain() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(SIZE_BYTES, 150_000, 2);
        for (int every = 5; every < 30; every++) {
            int period = every;
            try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
                rig.target.fault(request -> {
                    if (request.index() % period == period - 1 && request.index() < 4 * period) {
                        throw new FaultyServer.Crash();
                    }
                    return 0;
                });
                rig.copyAndCheck();
            }
        }
    }

    @Test
    void survivesASourceThatDiesAtAnyRequest() throws IOException {
        PlannedDisk plan = PlannedDisk.scattered(SIZE_BYTES, 512, 3);
        int index = 0;
        boolean crashed = true;
        while (crashed) {
            AtomicBoolean once = new AtomicBoolean();
            int at = index++;
            try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
                rig.source.fault(request -> crashAt(at, request, once));
                rig.copyAndCheck();
                crashed = once.get();
                assertThat(rig.progress.numbers().recopiedBytes())
                        .as("a lost source costs no writes")
                        .isZero();
            }
        }
        assertThat(index).as("crash points").isGreaterThan(10);
    }

    @Test
    void survivesConnectionsCutAtAnyByteOnEitherSide() throws IOException {
        PlannedDisk plan = PlannedDisk.scattered(SIZE_BYTES, 512, 4);
        byte[] noise = PlannedDisk.noise(SIZE_BYTES, 5);
        for (long bytes = 1; bytes < 400_000; bytes = bytes < 400 ? bytes + 37 : bytes * 3 / 2) {
            boolean sourceSide = bytes % 2 == 0;
            try (NbdServer server = NbdServer.listen(
                    new NbdUri.Unix(folder.resolve("served.sock")),
                    ServerOptions.defaults().withRemovalGrace(Duration.ZERO))) {
                MemoryDevice target = device(noise);
                server.add("source", device(plan.content()), ExportOptions.readOnlyExport());
                server.add("target", target, ExportOptions.readWrite());
                copyThroughCuts(plan, sourceSide, bytes);
                assertThat(Arrays.mismatch(target.bytes(0, SIZE_BYTES), plan.onto(noise)))
                        .as("%s cut after %d bytes", sourceSide ? "source" : "target", bytes)
                        .isEqualTo(-1);
            }
        }
    }

    private void copyThroughCuts(PlannedDisk plan, boolean sourceSide, long bytes) throws IOException {
        Path served = folder.resolve("served.sock");
        // a cut inside the first negotiation is not retried, so the first connection is let through that far
        try (CuttingProxy proxy = new CuttingProxy(
                        folder,
                        served,
                        i -> i == 0 ? 600 + bytes : i < 2 ? bytes : Long.MAX_VALUE,
                        i -> i == 0 ? 600 + bytes : i < 2 ? bytes : Long.MAX_VALUE);
                CuttingProxy open = CuttingProxy.cutting(folder, served, 0, 0);
                CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
            rig.sourceUri = (sourceSide ? proxy : open).uri("source");
            rig.targetUri = (sourceSide ? open : proxy).uri("target");
            rig.unsafeTarget = true; // the rig's own target is not used, so it cannot check each run
            rig.copy();
            CopyProgress.Numbers numbers = rig.progress.numbers();
            assertThat(numbers.copiedBytes() + numbers.zeroedBytes()).isEqualTo(plan.plannedBytes());
        }
    }

    private static MemoryDevice device(byte[] content) throws IOException {
        MemoryDevice device = new MemoryDevice(content.length);
        device.write(0, ByteBuffer.wrap(content));
        return device;
    }

    private static int crashAt(int index, FaultyServer.Request request, AtomicBoolean once) throws FaultyServer.Crash {
        if (request.index() == index && once.compareAndSet(false, true)) {
            throw new FaultyServer.Crash();
        }
        return 0;
    }
}
