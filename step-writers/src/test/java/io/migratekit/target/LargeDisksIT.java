package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
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
    void anEmptyTebibyteNeedsLittleHeapAndTime() throws Exception {
        long size = 1L << 40;
        try (Peer source = Peer.nbdkit(folder, "memory", "1T");
                Peer target = Peer.nbdkit(folder, "memory", "1T")) {
            long beganNanos = System.nanoTime();
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx16m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            LargeDisksIT.class.getName(),
                            folder.toString(),
                            source.uri("").toString(),
                            target.uri("").toString(),
                            Long.toString(size))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).isEqualToIgnoringNewLines("zeroed " + size);
            assertThat(child.waitFor()).isZero();
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

    /** Copies a disk without data in a process of its own; arguments: folder, source, target, size. Says what it did. */
    public static void main(String[] arguments) throws IOException {
        long size = Long.parseLong(arguments[3]);
        List<ExtentRun> runs = List.of(new ExtentRun(0, size, List.of(new Extent(0, size, Extent.Kind.ZERO))));
        CopyProgress.Numbers numbers = new PeerRig(Path.of(arguments[0]))
                .copy(NbdUri.parse(arguments[1]), NbdUri.parse(arguments[2]), size, false, runs);
        System.out.println("zeroed " + numbers.zeroedBytes());
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
