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
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamException;

final class ExtentRunReaderTest {
    private static final long MIB = 1 << 20;

    @Test
    void cutsExtentsOfBothKindsAtTheirLimits() throws IOException {
        long end = 10 * MIB + 250 * MIB;
        ChangeMap map = Maps.map(end, ChangeMap.Rest.ZERO, data(0, 10 * MIB));

        List<ExtentRun> runs = readAll(reader(map, 4 * MIB));

        assertThat(runs)
                .containsExactly(
                        new ExtentRun(0, 4 * MIB, List.of(data(0, 4 * MIB))),
                        new ExtentRun(4 * MIB, 8 * MIB, List.of(data(4 * MIB, 4 * MIB))),
                        new ExtentRun(
                                8 * MIB,
                                110 * MIB,
                                List.of(data(8 * MIB, 2 * MIB), new Extent(10 * MIB, 100 * MIB, Extent.Kind.ZERO))),
                        new ExtentRun(
                                110 * MIB, 210 * MIB, List.of(new Extent(110 * MIB, 100 * MIB, Extent.Kind.ZERO))),
                        new ExtentRun(210 * MIB, end, List.of(new Extent(210 * MIB, 50 * MIB, Extent.Kind.ZERO))));
    }

    @Test
    void returnsOneEmptyRunWhereNothingChanged() throws IOException {
        ChangeMap map = Maps.map(MIB, ChangeMap.Rest.UNCHANGED);

        assertThat(readAll(reader(map, MIB))).containsExactly(new ExtentRun(0, MIB, List.of()));
    }

    @Test
    void returnsNothingOfAnEmptyRange() throws IOException {
        assertThat(readAll(reader(Maps.map(0, ChangeMap.Rest.ZERO), MIB))).isEmpty();
    }

    @Test
    void boundsTheExtentsOfARun() throws IOException {
        Extent[] areas = new Extent[10_000];
        for (int index = 0; index < areas.length; index++) {
            areas[index] = data(index * 8192L, 4096);
        }
        ChangeMap map = Maps.map(areas.length * 8192L, ChangeMap.Rest.UNCHANGED, areas);

        assertThat(readAll(reader(map, Long.MAX_VALUE / 2)))
                .extracting(run -> run.extents().size())
                .containsExactly(4096, 4096, 10_000 - 2 * 4096);
    }

    @Test
    void showsUpcomingRunsWithoutReadingThem() throws IOException {
        ChangeMap map = Maps.map(4 * MIB, ChangeMap.Rest.ZERO, data(0, 4 * MIB));
        ExtentRunReader reader = reader(map, MIB);
        reader.open(new ExecutionContext());

        ExtentRun third = reader.peek(2);

        assertThat(reader.peek(4)).isNull();
        assertThat(reader.read()).isNotNull();
        assertThat(reader.peek(1)).isEqualTo(third);
        assertThat(reader.read()).isNotNull();
        assertThat(reader.read()).isEqualTo(third);
    }

    @Test
    void refusesACursorOutsideItsRange() throws IOException {
        ChangeMap map = Maps.map(4 * MIB, ChangeMap.Rest.ZERO);
        ExecutionContext context = new ExecutionContext();
        context.putLong(ExtentRunReader.CURSOR, 3 * MIB);
        ExtentRunReader reader = new ExtentRunReader(map, new ByteRange(0, 2 * MIB), bytes(MIB), 0, true);

        assertThatThrownBy(() -> reader.open(context))
                .isInstanceOf(ItemStreamException.class)
                .hasMessageContaining("outside the range [0, 2097152)");
    }

    @Test
    void saysHowMuchAnEarlierExecutionMayHaveCopiedWithoutACommit() throws IOException {
        ChangeMap map = Maps.map(8 * MIB, ChangeMap.Rest.ZERO, data(0, 4 * MIB));
        ExtentRunReader first = reader(map, MIB);
        ExtentRunReader startedBefore = new ExtentRunReader(map, new ByteRange(0, 8 * MIB), bytes(MIB), MIB / 2, true);
        first.open(new ExecutionContext());
        startedBefore.open(new ExecutionContext());

        assertThat(first.recopiedBytesMax()).isZero();
        assertThat(startedBefore.recopiedBytesMax()).isEqualTo(MIB + MIB / 2);
    }

    @Test
    void saysHowMuchMayBeCopiedAgainAfterACommit() throws IOException {
        ChangeMap map = Maps.map(8 * MIB, ChangeMap.Rest.ZERO, data(0, 4 * MIB));
        ExecutionContext context = new ExecutionContext();
        ExtentRunReader killed = reader(map, MIB);
        killed.open(context);
        killed.read();
        killed.update(context);
        ExtentRunReader resumed = reader(map, MIB);
        resumed.open(context);

        assertThat(resumed.recopiedBytesMax()).isEqualTo(MIB + MIB / 2);
        assertThat(resumed.read()).isEqualTo(new ExtentRun(MIB, 2 * MIB, List.of(data(MIB, MIB))));
    }

    @Test
    void aWriterThatEndsWithinARunLeavesNothingBehind() throws IOException {
        ChangeMap map = Maps.map(8 * MIB, ChangeMap.Rest.ZERO, data(0, 4 * MIB));
        ExecutionContext context = new ExecutionContext();
        ExtentRunReader ended = reader(map, MIB);
        ended.open(context);
        assertThat(context.getLong(ExtentRunReader.UNCOMMITTED_BYTES_MAX))
                .as("until the first commit")
                .isEqualTo(MIB + MIB / 2);
        ended.read();
        ended.endAt(MIB + MIB / 4);
        ended.update(context);
        ExtentRunReader resumed = reader(map, MIB);
        resumed.open(context);

        assertThat(resumed.recopiedBytesMax()).isZero();
        assertThat(resumed.read()).extracting(ExtentRun::fromBytes).isEqualTo(MIB + MIB / 4);
        assertThatThrownBy(ended::read).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ended.endAt(9 * MIB)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @Seeds(40)
    void goesOnAfterAKillAtEveryRun(long seed) throws IOException {
        Random random = new Random(seed);
        long capacity = 1 + random.nextLong(40 * MIB);
        List<Extent> areas = new ArrayList<>();
        for (int area = random.nextInt(40); area > 0; area--) {
            areas.add(data(random.nextLong(capacity), 1 + random.nextInt(1 << 20)));
        }
        ChangeMap map = Maps.map(
                capacity,
                random.nextBoolean() ? ChangeMap.Rest.ZERO : ChangeMap.Rest.UNCHANGED,
                areas.toArray(Extent[]::new));
        List<Extent> whole = Maps.walk(map, 0, capacity, Long.MAX_VALUE);
        ExecutionContext context = new ExecutionContext();
        List<ExtentRun> committed = new ArrayList<>();
        boolean more = true;

        while (more) { // each turn is a process that dies with one run read, and another one read but not committed
            ExtentRunReader reader = new ExtentRunReader(
                    map, new ByteRange(0, capacity), bytes(1 + random.nextLong(4 * MIB)), MIB, true);
            reader.open(context);
            ExtentRun run = reader.read();
            more = run != null;
            if (run != null) {
                committed.add(run);
                reader.peek(random.nextInt(3)); // the copier looks ahead while it writes
                reader.update(context);
                reader.read();
            }
        }

        assertThat(context.getLong(ExtentRunReader.CURSOR)).isEqualTo(capacity);
        long position = 0;
        List<Extent> united = new ArrayList<>();
        for (ExtentRun run : committed) {
            assertThat(run.fromBytes()).isEqualTo(position);
            position = run.untilBytes();
            run.extents().forEach(extent -> unite(united, extent));
        }
        assertThat(united).isEqualTo(whole);
    }

    private static void unite(List<Extent> extents, Extent next) {
        Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
        if (last != null && last.kind() == next.kind() && last.endBytes() == next.offsetBytes()) {
            extents.set(
                    extents.size() - 1,
                    new Extent(last.offsetBytes(), last.lengthBytes() + next.lengthBytes(), last.kind()));
        } else {
            extents.add(next);
        }
    }

    private static ExtentRunReader reader(ChangeMap map, long runBytesMax) {
        return new ExtentRunReader(map, new ByteRange(0, map.capacityBytes()), bytes(runBytesMax), MIB / 2, false);
    }

    private static RunBytes bytes(long dataBytes) {
        return new RunBytes() {
            @Override
            public long dataBytes() {
                return dataBytes;
            }

            @Override
            public long zeroBytes() {
                return 100 * MIB;
            }
        };
    }

    private static List<ExtentRun> readAll(ExtentRunReader reader) throws IOException {
        reader.open(new ExecutionContext());
        List<ExtentRun> runs = new ArrayList<>();
        for (ExtentRun run = reader.read(); run != null; run = reader.read()) {
            runs.add(run);
        }
        reader.close();
        return runs;
    }
}
