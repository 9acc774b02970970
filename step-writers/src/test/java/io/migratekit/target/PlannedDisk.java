package io.migratekit.target;

import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A disk and what of it is to be copied. Content comes in stretches of noise, zeros, and noise with zeros in between.
 *
 * @param content what the source holds
 * @param runs extents to be copied; ZERO ones are zero indeed
 */
@SuppressWarnings("ArrayRecordComponent") // made once per test, never compared
record PlannedDisk(byte[] content, List<ExtentRun> runs) {

    /** Everything, in runs of {@code runBytes}. */
    static PlannedDisk whole(int sizeBytes, int runBytes, long seed) {
        byte[] content = content(sizeBytes, new Random(seed));
        List<ExtentRun> runs = new ArrayList<>();
        for (int at = 0; at < sizeBytes; at += runBytes) {
            int end = Math.min(at + runBytes, sizeBytes);
            runs.add(new ExtentRun(at, end, List.of(new Extent(at, end - at, Extent.Kind.DATA))));
        }
        return new PlannedDisk(content, runs);
    }

    /** Extents of any length with gaps, at multiples of {@code grainBytes} but for the end of the disk. */
    static PlannedDisk scattered(int sizeBytes, int grainBytes, long seed) {
        Random random = new Random(seed);
        byte[] content = content(sizeBytes, random);
        List<ExtentRun> runs = new ArrayList<>();
        List<Extent> extents = new ArrayList<>();
        int from = 0;
        int at = 0;
        while (at < sizeBytes) {
            int length = length(random, grainBytes, sizeBytes - at);
            if (random.nextInt(3) > 0) {
                boolean zero = isZero(content, at, at + length) || random.nextInt(8) == 0;
                if (zero) {
                    Arrays.fill(content, at, at + length, (byte) 0);
                }
                extents.add(new Extent(at, length, zero ? Extent.Kind.ZERO : Extent.Kind.DATA));
            }
            at += length;
            if (at == sizeBytes || random.nextInt(4) == 0) {
                runs.add(new ExtentRun(from, at, extents));
                from = at;
                extents = new ArrayList<>();
            }
        }
        return new PlannedDisk(content, runs);
    }

    long plannedBytes() {
        return runs.stream()
                .flatMap(run -> run.extents().stream())
                .mapToLong(Extent::lengthBytes)
                .sum();
    }

    /** What a target with this content must hold in the end; what lies behind the disk stays. */
    byte[] onto(byte[] target) {
        byte[] expected = target.clone();
        for (ExtentRun run : runs) {
            for (Extent extent : run.extents()) {
                System.arraycopy(content, (int) extent.offsetBytes(), expected, (int) extent.offsetBytes(), (int)
                        extent.lengthBytes());
            }
        }
        return expected;
    }

    static byte[] noise(int sizeBytes, long seed) {
        byte[] noise = new byte[sizeBytes];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private static byte[] content(int sizeBytes, Random random) {
        byte[] content = new byte[sizeBytes];
        for (int at = 0; at < sizeBytes; ) {
            int length = Math.min(1 + random.nextInt(200_000), sizeBytes - at);
            int kind = random.nextInt(3);
            if (kind > 0) {
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                for (int hole = 0; kind == 2 && hole < length; hole += 20_000) {
                    Arrays.fill(noise, hole, Math.min(hole + 13_000, length), (byte) 0);
                }
                System.arraycopy(noise, 0, content, at, length);
            }
            at += length;
        }
        return content;
    }

    private static int length(Random random, int grainBytes, int rest) {
        int most = random.nextInt(5) == 0 ? 600_000 : 60_000;
        int length = Math.max(grainBytes, random.nextInt(most) / grainBytes * grainBytes);
        return Math.min(length, rest);
    }

    private static boolean isZero(byte[] content, int from, int until) {
        for (int i = from; i < until; i++) {
            if (content[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
