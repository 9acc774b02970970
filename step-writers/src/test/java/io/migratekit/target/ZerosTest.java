package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ZerosTest {
    private static final int LENGTH = 8192;

    @Test
    void seesEverySingleByte() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(LENGTH);
        assertThat(Zeros.all(buffer, 0, LENGTH)).isTrue();
        for (int i = 0; i < LENGTH; i++) {
            for (int value : new int[] {1, 0x80, 0xff}) {
                buffer.put(i, (byte) value);
                assertThat(Zeros.all(buffer, 0, LENGTH))
                        .as("byte %d is %d", i, value)
                        .isFalse();
            }
            buffer.put(i, (byte) 0);
        }
    }

    @Test
    void isNotFooledByEqualBytes() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[LENGTH]);
        for (int i = 0; i < LENGTH; i++) {
            buffer.put(i, (byte) 7);
        }
        assertThat(Zeros.all(buffer, 0, LENGTH)).isFalse();
        assertThat(Zeros.all(buffer, 5, 6)).isFalse();
    }

    @Test
    void looksOnlyAtItsRange() {
        ByteBuffer buffer = ByteBuffer.allocate(LENGTH).put(99, (byte) 1).put(200, (byte) 1);
        assertThat(Zeros.all(buffer, 100, 200)).isTrue();
        assertThat(Zeros.all(buffer, 99, 200)).isFalse();
        assertThat(Zeros.all(buffer, 100, 201)).isFalse();
        assertThat(Zeros.all(buffer, 100, 100)).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesWithLookingAtEachByte(long seed) {
        Random random = new Random(seed);
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        for (int i = random.nextInt(3); i > 0; i--) {
            buffer.put(random.nextInt(1000), (byte) random.nextInt());
        }
        int start = random.nextInt(1000);
        int end = start + random.nextInt(1001 - start);
        boolean zero = true;
        for (int i = start; i < end; i++) {
            zero &= buffer.get(i) == 0;
        }
        buffer.position(random.nextInt(1001));
        assertThat(Zeros.all(buffer, start, end)).isEqualTo(zero);
    }

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }
}
