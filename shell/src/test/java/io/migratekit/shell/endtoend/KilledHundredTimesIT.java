package io.migratekit.shell.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at a random moment, a hundred times in a row ({@code -Dkills=N}), in start-up, planning, copying and
 * promotion alike; {@code -Dseed=N} repeats the moments as far as a machine's speed allows.
 */
final class KilledHundredTimesIT {
    private static final int KILLS = Integer.getInteger("kills", 100);
    private static final int IMAGE_BYTES = (80 << 20) + 512;
    private static final int BYTES_PER_SECOND = 12 << 20;
    /** Two at once: a start is mostly waiting on a machine of two cores. */
    private static final int HANDS = 2;

    @TempDir
    Path folder;

    @Test
    @NeedsPeer("qemu-storage-daemon")
    void everyCopyGoesOnFromItsCommitsAndEndsRight() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        Path source = Rig.image(folder.resolve("source.raw"), IMAGE_BYTES, seed);
        ExecutorService hands = Executors.newFixedThreadPool(HANDS);
        List<SlowDisk> disks = new ArrayList<>();
        try {
            List<Future<Integer>> copies = new ArrayList<>();
            for (int hand = 0; hand < HANDS; hand++) {
                Path own = Files.createDirectory(folder.resolve("hand" + hand));
                SlowDisk slow = SlowDisk.of(own, source, BYTES_PER_SECOND);
                disks.add(slow);
                var killed = new KilledCopies(own, source, slow.uri(), seed + hand);
                copies.add(hands.submit(() -> killed.kill(KILLS / HANDS)));
            }
            for (Future<Integer> copy : copies) {
                assertThat(copy.get())
                        .as("copies that came to their end, seed %d", seed)
                        .isPositive();
            }
        } finally {
            hands.shutdownNow();
            for (SlowDisk disk : disks) {
                disk.close();
            }
        }
    }
}
