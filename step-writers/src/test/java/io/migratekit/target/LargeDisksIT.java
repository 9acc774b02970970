package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a copy of a large disk costs in memory and time. */
@Timeout(240)
final class LargeDisksIT {
    private final Path folder;
    private final PeerRig rig;

    LargeDisksIT(@TempDir Path folder) {
        this.folder = folder;
        this.rig = new PeerRig(folder);
    }

    @Test
    @NeedsPeer("nbdkit")
    void anEmptyTebibyteNeedsLittleHeapAndTime() throws IOException {
        long size = 1L << 40;
        try (Peer source = Peer.nbdkit(folder, "memory", "1T");
                Peer target = Peer.nbdkit(folder, "memory", "1T")) {
            List<ExtentRun> runs = List.of(new ExtentRun(0, size, List.of(new Extent(0, size, Extent.Kind.ZERO))));
            long beganNanos = System.nanoTime();
            CopyProgress.Numbers numbers = rig.copy(source.uri(""), target.uri(""), size, false, runs);
            assertThat(numbers.zeroedBytes()).isEqualTo(size);
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(Duration.ofSeconds(20));
        }
    }

    /** Counted over all threads' garbage collections: a copy that made garbage per byte would need many. */
    @Test
    @NeedsPeer("nbdkit")
    void makesNoGarbagePerByte() throws IOException {
        long size = 4L << 30;
        try (Peer source = Peer.nbdkit(folder, "pattern", "4G");
                Peer target = Peer.nbdkit(folder, "null", "4G")) {
            System.gc();
            long collections = collections();
            rig.copy(source.uri(""), target.uri(""), size, false);
            assertThat(collections() - collections).isLessThan(8);
        }
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
