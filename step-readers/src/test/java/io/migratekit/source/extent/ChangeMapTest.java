package io.migratekit.source.extent;

import static io.migratekit.source.extent.Maps.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.roaringbitmap.RoaringBitmap;

final class ChangeMapTest {
    private static final int BLOCK = 4096;
    private static final long TIB = 1L << 40;

    @Test
    void growsItsBlocksWithTheDisk() {
        assertThat(ChangeMap.blockBytes(0)).isEqualTo(4096);
        assertThat(ChangeMap.blockBytes(TIB)).isEqualTo(4096);
        assertThat(ChangeMap.blockBytes(TIB + 1)).isEqualTo(8192);
        assertThat(ChangeMap.blockBytes(62 * TIB)).isEqualTo(256 << 10);
    }

    @Test
    void clipsTheLastBlockOfADiskOfOddSize() throws IOException {
        ChangeMap map = Maps.map(3 * BLOCK + 100, ChangeMap.Rest.ZERO, data(3 * BLOCK + 5, 1));

        assertThat(Maps.walk(map, 0, map.capacityBytes(), Long.MAX_VALUE))
                .containsExactly(new Extent(0, 3 * BLOCK, Extent.Kind.ZERO), data(3 * BLOCK, 100));
        assertThat(map.bytes(Extent.Kind.DATA, 0, map.capacityBytes())).isEqualTo(100);
        assertThat(map.bytes(Extent.Kind.ZERO, 0, map.capacityBytes())).isEqualTo(3 * BLOCK);
    }

    @Test
    void hasNoZeroExtentsWhenTheRestIsUnchanged() throws IOException {
        ChangeMap map = Maps.map(10 * BLOCK, ChangeMap.Rest.UNCHANGED, data(BLOCK, BLOCK), data(5 * BLOCK, 1));

        assertThat(Maps.walk(map, 0, map.capacityBytes(), Long.MAX_VALUE))
                .containsExactly(data(BLOCK, BLOCK), data(5 * BLOCK, BLOCK));
        assertThat(map.bytes(Extent.Kind.ZERO, 0, map.capacityBytes())).isZero();
    }

    @Test
    void mergesRunsAcrossSegments() throws IOException {
        long segmentBytes = (long) BLOCK * ChangeMapSegment.BLOCKS_MAX;
        ChangeMap map = Maps.map(
                3 * segmentBytes + 7, ChangeMap.Rest.ZERO, data(segmentBytes - BLOCK, segmentBytes + 2 * BLOCK));

        assertThat(Maps.walk(map, 0, map.capacityBytes(), Long.MAX_VALUE))
                .containsExactly(
                        new Extent(0, segmentBytes - BLOCK, Extent.Kind.ZERO),
                        data(segmentBytes - BLOCK, segmentBytes + 2 * BLOCK),
                        new Extent(2 * segmentBytes + BLOCK, segmentBytes + 7 - BLOCK, Extent.Kind.ZERO));
    }

    @Test
    void isEmptyForADiskOfSizeZero() throws IOException {
        ChangeMap map = Maps.map(0, ChangeMap.Rest.ZERO);

        assertThat(map.split(4)).isEmpty();
        assertThat(Maps.walk(map, 0, 0, 1)).isEmpty();
    }

    @Test
    void splitsOneRangeOffADiskWithoutData() throws IOException {
        assertThat(Maps.map(TIB, ChangeMap.Rest.ZERO).split(4)).containsExactly(new ByteRange(0, TIB));
    }

    @Test
    void refusesSegmentsThatDoNotTileTheDisk() throws IOException {
        MemoryChangeMapSegments segments = new MemoryChangeMapSegments();
        segments.append(new ChangeMapSegment(0, BLOCK, BLOCK, new RoaringBitmap()));

        assertThatThrownBy(() -> new ChangeMap(2 * BLOCK, ChangeMap.Rest.ZERO, segments))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("planned again");
    }

    @ParameterizedTest(name = "seed {0}")
    @Seeds(60)
    void saysTheSameAsAnArrayOfBlocks(long seed) throws IOException {
        Random random = new Random(seed);
        BlockModel model = new BlockModel(random);
        ChangeMap map = Maps.map(model.capacityBytes, model.rest, model.areas.toArray(Extent[]::new));

        for (int probe = 0; probe < 20; probe++) {
            long from = random.nextLong(model.capacityBytes + 1);
            long until = from + random.nextLong(model.capacityBytes - from + 1);
            long max = 1 + random.nextLong(20 * BLOCK);
            List<Extent> extents = Maps.walk(map, from, until, max);

            assertThat(model.describes(extents, from, until)).isTrue();
            assertThat(extents).allMatch(extent -> extent.lengthBytes() <= max);
            for (Extent.Kind kind : Extent.Kind.values()) {
                assertThat(map.bytes(kind, from, until))
                        .isEqualTo(extents.stream()
                                .filter(extent -> extent.kind() == kind)
                                .mapToLong(Extent::lengthBytes)
                                .sum());
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @Seeds(60)
    void splitsIntoRangesOfAboutEqualData(long seed) throws IOException {
        Random random = new Random(seed);
        BlockModel model = new BlockModel(random);
        ChangeMap map = Maps.map(model.capacityBytes, model.rest, model.areas.toArray(Extent[]::new));
        int parts = 1 + random.nextInt(8);

        List<ByteRange> ranges = map.split(parts);

        assertThat(ranges).hasSizeBetween(1, parts).isEqualTo(map.split(parts));
        long position = 0;
        long share = map.bytes(Extent.Kind.DATA, 0, model.capacityBytes) / parts;
        for (ByteRange range : ranges) {
            assertThat(range.fromBytes()).isEqualTo(position).matches(at -> at % BLOCK == 0);
            assertThat(map.bytes(Extent.Kind.DATA, range.fromBytes(), range.untilBytes()))
                    .isLessThanOrEqualTo(share + BLOCK + parts);
            position = range.untilBytes();
        }
        assertThat(position).isEqualTo(model.capacityBytes);
    }

    /** The same disk as a plain array. */
    private static final class BlockModel {
        private final long capacityBytes;
        private final ChangeMap.Rest rest;
        private final List<Extent> areas = new ArrayList<>();
        private final boolean[] data;

        BlockModel(Random random) {
            capacityBytes = 1L + random.nextInt(400 * BLOCK);
            rest = random.nextBoolean() ? ChangeMap.Rest.ZERO : ChangeMap.Rest.UNCHANGED;
            data = new boolean[(int) ((capacityBytes + BLOCK - 1) / BLOCK)];
            int count = random.nextInt(30);
            for (int area = 0; area < count; area++) {
                long offset = random.nextLong(capacityBytes);
                Extent extent = data(offset, 1 + random.nextInt(30 * BLOCK));
                areas.add(extent);
                for (long block = offset / BLOCK; block < data.length && block * BLOCK < extent.endBytes(); block++) {
                    data[(int) block] = true;
                }
            }
        }

        boolean describes(List<Extent> extents, long from, long until) {
            long position = from;
            for (Extent extent : extents) {
                if (extent.offsetBytes() < position || extent.endBytes() > until) {
                    return false;
                }
                if (!gapIsUnchanged(position, extent.offsetBytes())
                        || !all(extent.offsetBytes(), extent.endBytes(), extent.kind() == Extent.Kind.DATA)) {
                    return false;
                }
                position = extent.endBytes();
            }
            return gapIsUnchanged(position, until);
        }

        private boolean gapIsUnchanged(long from, long until) {
            return from == until || (rest == ChangeMap.Rest.UNCHANGED && all(from, until, false));
        }

        private boolean all(long from, long until, boolean expected) {
            for (long block = from / BLOCK; block * BLOCK < until; block++) {
                if (data[(int) block] != expected) {
                    return false;
                }
            }
            return true;
        }
    }
}
