package io.migratekit.source.extent;

import static io.migratekit.source.extent.Maps.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.source.ChangeQuery.Page;
import io.migratekit.source.SourceException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ChangeMapPlannerTest {
    private static final long MIB = 1 << 20;

    @Test
    void unitesAreasThatOverlapTouchAndComeOutOfOrder() throws IOException {
        ChangeMap map = Maps.map(
                MIB,
                ChangeMap.Rest.UNCHANGED,
                data(65536, 4096),
                data(8192, 8192),
                data(4096, 8192),
                data(16384, 4096));

        assertThat(Maps.walk(map, 0, MIB, Long.MAX_VALUE)).containsExactly(data(4096, 16384), data(65536, 4096));
    }

    @Test
    void keepsAnAreaThatSticksOutOfItsPageAndClipsItAtTheCapacity() throws IOException {
        ChangeMap map = Maps.plan(
                MIB,
                ChangeMap.Rest.UNCHANGED,
                start -> start == 0
                        ? new Page(0, MIB / 2, List.of(data(MIB / 2 - 4096, 8192)))
                        : new Page(start, MIB / 2, List.of(data(0, 4096), data(MIB - 4096, MIB), data(2 * MIB, 1))));

        assertThat(Maps.walk(map, 0, MIB, Long.MAX_VALUE))
                .containsExactly(data(0, 4096), data(MIB / 2 - 4096, 8192), data(MIB - 4096, 4096));
    }

    @Test
    void goesOnBehindAnEmptyPage() throws IOException {
        ChangeMap map = Maps.plan(
                3 * MIB,
                ChangeMap.Rest.UNCHANGED,
                start -> new Page(start, MIB, start == 2 * MIB ? List.of(data(start, 4096)) : List.of()));

        assertThat(Maps.walk(map, 0, 3 * MIB, Long.MAX_VALUE)).containsExactly(data(2 * MIB, 4096));
    }

    @Test
    void clipsALastPageThatSticksOut() throws IOException {
        ChangeMap map = Maps.plan(MIB + 1, ChangeMap.Rest.ZERO, start -> new Page(start, Long.MAX_VALUE, List.of()));

        assertThat(map.bytes(Extent.Kind.ZERO, 0, MIB + 1)).isEqualTo(MIB + 1);
    }

    @Test
    void asksAgainWhenAPageDescribesNothingOnce() throws IOException {
        AtomicInteger asked = new AtomicInteger();

        Maps.plan(
                MIB, ChangeMap.Rest.ZERO, start -> new Page(start, asked.getAndIncrement() == 0 ? 0 : MIB, List.of()));

        assertThat(asked).hasValue(2);
    }

    @Test
    void refusesASourceThatDescribesNothing() {
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() -> Maps.plan(MIB, ChangeMap.Rest.ZERO, start -> {
                    asked.incrementAndGet();
                    return new Page(start, 0, List.of());
                }))
                .isInstanceOf(SourceException.Untrustworthy.class)
                .hasMessageContaining("described 0 bytes from offset 0");
        assertThat(asked).hasValue(1 + ChangeMapPlanner.EMPTY_PAGE_RETRIES_MAX);
    }

    @Test
    void refusesANegativeLength() {
        assertThatThrownBy(() -> Maps.plan(MIB, ChangeMap.Rest.ZERO, start -> new Page(start, -1, List.of())))
                .isInstanceOf(SourceException.Untrustworthy.class);
    }

    @Test
    void refusesAPageThatBeginsElsewhere() {
        assertThatThrownBy(() -> Maps.plan(
                        MIB, ChangeMap.Rest.ZERO, start -> new Page(start == 0 ? 0 : start + 512, MIB / 2, List.of())))
                .isInstanceOf(SourceException.Untrustworthy.class)
                .hasMessageContaining("asked for changes from offset 524288 and answered from 524800");
    }

    @Test
    void copiesZeroAreasOfAnIncrementalAsData() throws IOException {
        ChangeMap map = Maps.map(MIB, ChangeMap.Rest.UNCHANGED, new Extent(8192, 4096, Extent.Kind.ZERO));

        assertThat(Maps.walk(map, 0, MIB, Long.MAX_VALUE)).containsExactly(data(8192, 4096));
    }

    @Test
    void storesNothingWhenTheSourceFailsHalfWayOrAStopIsAskedFor() throws IOException {
        MemoryChangeMapSegments segments = new MemoryChangeMapSegments();
        Maps.Pages failing = start -> {
            if (start > 0) {
                throw new SourceException.Unavailable("gone", new IOException());
            }
            return new Page(0, MIB, List.of());
        };
        ChangeMapPlanner planner = new ChangeMapPlanner(Duration.ZERO);

        assertThatThrownBy(() -> planner.plan(2 * MIB, ChangeMap.Rest.ZERO, failing, segments, PlanProgress.NONE))
                .isInstanceOf(SourceException.Unavailable.class);
        assertThatThrownBy(() -> planner.plan(2 * MIB, ChangeMap.Rest.ZERO, failing, segments, (bytes, data, pages) -> {
                    throw new InterruptedIOException("stop");
                }))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(segments.summaries()).isEmpty();
    }

    @Test
    void replacesTheRemainsOfAnEarlierPlan() throws IOException {
        MemoryChangeMapSegments segments = new MemoryChangeMapSegments();
        ChangeMapPlanner planner = new ChangeMapPlanner(Duration.ZERO);
        Maps.Pages empty = start -> new Page(start, 2 * MIB, List.of());
        planner.plan(MIB, ChangeMap.Rest.ZERO, empty, segments, PlanProgress.NONE);

        ChangeMap map = planner.plan(2 * MIB, ChangeMap.Rest.ZERO, empty, segments, PlanProgress.NONE);

        assertThat(map.split(1)).containsExactly(new ByteRange(0, 2 * MIB));
    }

    @Test
    void plansAHugeDiskWithTenMillionAreasInConstantMemory() throws IOException {
        long capacity = 62L << 40;
        long step = capacity / 10_000_000;
        long pageBytes = step * 20_000;
        List<Long> reported = new ArrayList<>();

        ChangeMap map = new ChangeMapPlanner(Duration.ZERO)
                .plan(
                        capacity,
                        ChangeMap.Rest.ZERO,
                        (Maps.Pages) start -> {
                            List<Extent> areas = new ArrayList<>(20_000);
                            for (long at = start; at < Math.min(capacity, start + pageBytes); at += step) {
                                areas.add(data(at, 4096));
                            }
                            return new Page(start, pageBytes, areas);
                        },
                        new MemoryChangeMapSegments(),
                        (described, dataBytes, pages) -> reported.add(described));

        assertThat(reported).hasSize(501).isSorted().endsWith(capacity);
        assertThat(map.split(8)).hasSize(8);
        assertThat(map.bytes(Extent.Kind.DATA, 0, capacity)).isGreaterThan(10_000_000L * 4096);
    }
}
