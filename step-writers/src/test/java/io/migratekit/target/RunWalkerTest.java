package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RunWalkerTest {
    private static final int SIZE_BYTES = 1_000_003;
    private static final long DATA_MAX = 16_384;
    private static final long ZERO_MAX = 65_536;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void handsOutEveryByteOfEveryExtentOnceAndNoOther(long seed) {
        Random random = new Random(seed);
        PlannedDisk plan = PlannedDisk.scattered(SIZE_BYTES, 1 << random.nextInt(13), seed);
        long alignment = 1L << random.nextInt(13);
        int next = 0;
        RunWalker walker = new RunWalker(alignment);
        plan.runs().forEach(walker::announce);
        List<RunWalker.Cut> cuts = new ArrayList<>();
        for (ExtentRun run : plan.runs()) {
            next++;
            assertThat(walker.first()).isSameAs(run);
            // hand out all of this run, and now and then some of the runs behind it
            while (walker.position() < run.untilBytes() || random.nextInt(3) > 0) {
                RunWalker.Cut cut = walker.next(DATA_MAX, ZERO_MAX);
                if (cut == null) {
                    break;
                }
                cuts.add(cut);
                if (random.nextInt(40) == 0) { // the target was lost; all from somewhere on is to be done again
                    long durable = run.fromBytes() + random.nextInt((int) (walker.position() - run.fromBytes()) + 1);
                    durable = Math.min(durable, run.untilBytes());
                    rewind(walker, cuts, durable);
                }
            }
            walker.end();
            assertThat(walker.aheadBytes()).isEqualTo(ahead(cuts, plan, next));
        }
        assertThat(walker.next(DATA_MAX, ZERO_MAX)).isNull();
        assertCovers(cuts, plan);
        for (RunWalker.Cut cut : cuts) {
            assertFits(cut, alignment, plan);
        }
    }

    @Test
    void goesOnWhereARunWasHandedOutToItsLastByteAheadOfItsTurn() {
        List<ExtentRun> runs = List.of(run(0, 10), run(10, 20), run(20, 30), run(30, 40));
        RunWalker walker = new RunWalker(1);
        walker.announce(runs.get(0));
        walker.announce(runs.get(1));
        assertThat(walker.next(10, 10)).isNotNull();
        assertThat(walker.next(10, 10)).isNotNull();
        assertThat(walker.position()).isEqualTo(20);
        assertThat(walker.aheadBytes()).isEqualTo(10);
        walker.end();
        assertThat(walker.aheadBytes()).isZero();
        walker.announce(runs.get(2));
        walker.end(); // durable already, and nobody has asked for the third run yet
        walker.announce(runs.get(3));
        assertThat(walker.first()).isSameAs(runs.get(2));
        assertThat(walker.next(10, 10)).isEqualTo(new RunWalker.Cut(20, 10, Extent.Kind.DATA));
        assertThat(walker.next(10, 10)).isEqualTo(new RunWalker.Cut(30, 10, Extent.Kind.DATA));
        assertThat(walker.next(10, 10)).isNull();
    }

    @Test
    void skipsAMillionExtentsWithoutLosingItsStack() {
        List<Extent> extents = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            extents.add(new Extent(i * 4096L, 512, Extent.Kind.DATA));
        }
        ExtentRun run = new ExtentRun(0, 4096L * 1_000_000, extents);
        RunWalker walker = new RunWalker(1);
        walker.announce(run);
        walker.rewind(4096L * 999_999);
        assertThat(walker.next(65536, 65536)).isEqualTo(new RunWalker.Cut(4096L * 999_999, 512, Extent.Kind.DATA));
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    private static ExtentRun run(long from, long until) {
        return new ExtentRun(from, until, List.of(new Extent(from, until - from, Extent.Kind.DATA)));
    }

    private static void rewind(RunWalker walker, List<RunWalker.Cut> cuts, long durable) {
        // a durable position is always the start of a request or the end of all
        for (RunWalker.Cut cut : cuts) {
            if (cut.offsetBytes() < durable && cut.offsetBytes() + cut.lengthBytes() > durable) {
                rewind(walker, cuts, cut.offsetBytes());
                return;
            }
        }
        cuts.removeIf(cut -> cut.offsetBytes() >= durable);
        walker.rewind(durable);
    }

    private static long ahead(List<RunWalker.Cut> cuts, PlannedDisk plan, int done) {
        long first = done < plan.runs().size() ? plan.runs().get(done).untilBytes() : Long.MAX_VALUE;
        return cuts.stream()
                .filter(cut -> cut.offsetBytes() >= first)
                .mapToLong(cut -> RunWalker.weight(cut.lengthBytes(), cut.kind()))
                .sum();
    }

    private static void assertCovers(List<RunWalker.Cut> cuts, PlannedDisk plan) {
        BitSet handed = new BitSet();
        long position = 0;
        for (RunWalker.Cut cut : cuts) {
            assertThat(cut.offsetBytes()).isGreaterThanOrEqualTo(position);
            position = cut.offsetBytes() + cut.lengthBytes();
            handed.set((int) cut.offsetBytes(), (int) position);
        }
        BitSet planned = new BitSet();
        plan.runs().stream()
                .flatMap(run -> run.extents().stream())
                .forEach(extent -> planned.set((int) extent.offsetBytes(), (int) extent.endBytes()));
        assertThat(handed).isEqualTo(planned);
    }

    private static void assertFits(RunWalker.Cut cut, long alignment, PlannedDisk plan) {
        boolean zero = cut.kind() == Extent.Kind.ZERO;
        long most = zero ? ZERO_MAX : DATA_MAX;
        long end = cut.offsetBytes() + cut.lengthBytes();
        assertThat(cut.offsetBytes() / most)
                .as("%s stays between multiples", cut)
                .isEqualTo((end - 1) / most);
        if (zero) {
            assertThat((cut.offsetBytes() | end) % alignment).isZero();
            assertThat(plan.runs().stream()
                            .flatMap(run -> run.extents().stream())
                            .anyMatch(extent -> extent.kind() == Extent.Kind.ZERO
                                    && extent.offsetBytes() <= cut.offsetBytes()
                                    && extent.endBytes() >= end))
                    .isTrue();
        }
    }
}
