package io.migratekit.source.extent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

final class ChangeMapSegmentTest {
    private final ChangeMapSegment segment =
            new ChangeMapSegment(8192, 8192 + 5 * 4096 - 1, 4096, RoaringBitmap.bitmapOf(1, 2, 4));

    @Test
    void isEqualAfterBeingStored() throws IOException {
        assertThat(ChangeMapSegment.ofBytes(segment.toBytes())).isEqualTo(segment);
    }

    @Test
    void refusesBytesThatWereCutAnywhere() {
        byte[] bytes = segment.toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> ChangeMapSegment.ofBytes(cut)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> ChangeMapSegment.ofBytes(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void refusesAFlippedByteInTheBitmap() {
        byte[] bytes = segment.toBytes();
        bytes[bytes.length - 1] ^= 1;

        assertThatThrownBy(() -> ChangeMapSegment.ofBytes(bytes)).hasMessageContaining("checksum");
    }

    @Test
    void refusesABlockBehindItsEnd() {
        assertThatThrownBy(() -> new ChangeMapSegment(0, 4096, 4096, RoaringBitmap.bitmapOf(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("marks block 1");
    }

    @Test
    void countsACutLastBlockInPart() {
        assertThat(segment.dataBytes()).isEqualTo(3 * 4096 - 1);
    }
}
