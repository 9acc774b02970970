package io.migratekit.source.extent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** What every store of change map segments does. */
public abstract class ChangeMapSegmentsContract {

    /** Opens an empty store of one disk of one run. */
    protected abstract ChangeMapSegments open() throws IOException;

    @Test
    protected void isEmptyAtFirst() throws IOException {
        ChangeMapSegments segments = open();

        assertThat(segments.summaries()).isEmpty();
        assertThat(segments.find(0)).isEmpty();
    }

    @Test
    protected void returnsWhatWasAppended() throws IOException {
        ChangeMapSegments segments = open();
        ChangeMapSegment first = new ChangeMapSegment(0, 1 << 20, 4096, RoaringBitmap.bitmapOf(0, 7, 255));
        ChangeMapSegment second = new ChangeMapSegment(1 << 20, (1 << 20) + 5000, 4096, RoaringBitmap.bitmapOf(1));

        segments.append(first);
        segments.append(second);

        assertThat(segments.find(0)).contains(first);
        assertThat(segments.find(1 << 20)).contains(second);
        assertThat(segments.find(4096)).isEmpty();
        assertThat(segments.summaries())
                .isEqualTo(List.of(
                        new ChangeMapSegments.Summary(0, 1 << 20, 3 * 4096),
                        new ChangeMapSegments.Summary(1 << 20, (1 << 20) + 5000, 5000 - 4096)));
    }

    @Test
    protected void refusesASegmentThatLeavesAGapOrOverlaps() throws IOException {
        ChangeMapSegments segments = open();
        ChangeMapSegment late = new ChangeMapSegment(1 << 20, 2 << 20, 4096, new RoaringBitmap());

        assertThatThrownBy(() -> segments.append(late)).isInstanceOf(IllegalArgumentException.class);
        segments.append(new ChangeMapSegment(0, 1 << 20, 4096, new RoaringBitmap()));
        segments.append(late);
        assertThatThrownBy(() -> segments.append(late)).isInstanceOf(IllegalArgumentException.class);
        assertThat(segments.summaries()).hasSize(2);
    }

    @Test
    protected void keepsALargeFragmentedSegment() throws IOException {
        ChangeMapSegments segments = open();
        RoaringBitmap everySecond = new RoaringBitmap();
        for (int block = 0; block < ChangeMapSegment.BLOCKS_MAX; block += 2) {
            everySecond.add(block);
        }
        ChangeMapSegment segment = new ChangeMapSegment(0, 4096L * ChangeMapSegment.BLOCKS_MAX, 4096, everySecond);

        segments.append(segment);

        assertThat(segments.find(0)).contains(segment);
    }

    @Test
    protected void forgetsAllOnClear() throws IOException {
        ChangeMapSegments segments = open();
        segments.append(new ChangeMapSegment(0, 4096, 4096, RoaringBitmap.bitmapOf(0)));

        segments.clear();
        segments.clear();

        assertThat(segments.summaries()).isEmpty();
        assertThat(segments.find(0)).isEmpty();
    }
}
