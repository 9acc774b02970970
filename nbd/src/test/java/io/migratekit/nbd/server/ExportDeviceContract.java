package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ExportDevice} must do; each adapter has a test class that extends this. */
public abstract class ExportDeviceContract {
    /** No multiple of any sector size, and more than a page of every device. */
    protected static final int SIZE_BYTES = (1 << 20) + 777;

    private final int sizeBytes;
    private ExportDevice device;

    /** Opens a device that reads as zeros. */
    protected abstract ExportDevice open(long sizeBytes) throws IOException;

    protected ExportDeviceContract() {
        this(SIZE_BYTES);
    }

    /** For devices that cannot have every size. */
    protected ExportDeviceContract(int sizeBytes) {
        this.sizeBytes = sizeBytes;
        device = new MemoryDevice(0);
    }

    @BeforeEach
    final void openDevice() throws IOException {
        device = open(sizeBytes);
    }

    @AfterEach
    final void closeDevice() throws IOException {
        device.close();
    }

    @Test
    void hasTheSizeItWasMadeWith() {
        assertThat(device.sizeBytes()).isEqualTo(sizeBytes);
        assertThat(Integer.bitCount(device.blockBytesPreferred())).isEqualTo(1);
    }

    @Test
    void readsZerosWhereNothingWasWritten() throws IOException {
        assertThat(read(0, sizeBytes)).containsOnly(0);
    }

    @Test
    void readsBackWhatWasWrittenToTheLastByte() throws IOException {
        byte[] content = random(sizeBytes);
        device.write(0, ByteBuffer.wrap(content));
        assertThat(read(0, sizeBytes)).isEqualTo(content);
        assertThat(read(sizeBytes - 1, 1)).containsExactly(content[sizeBytes - 1]);
    }

    @Test
    void writesOnlyWhatRemainsOfTheBuffer() throws IOException {
        ByteBuffer from = ByteBuffer.allocateDirect(100).put(new byte[] {1, 2, 3, 4, 5});
        from.position(1).limit(4);
        device.write(1000, from);
        assertThat(from.hasRemaining()).isFalse();
        assertThat(read(999, 5)).containsExactly(0, 2, 3, 4, 0);
    }

    @Test
    void zeroesExactlyTheRange() throws IOException {
        for (boolean keepAllocated : new boolean[] {false, true}) {
            byte[] content = random(sizeBytes);
            device.write(0, ByteBuffer.wrap(content));
            device.writeZeroes(4097, 300_001, keepAllocated);
            Arrays.fill(content, 4097, 4097 + 300_001, (byte) 0);
            assertThat(read(0, sizeBytes)).isEqualTo(content);
        }
    }

    @Test
    void zeroesFastCompletelyOrNotAtAll() throws IOException {
        byte[] content = random(sizeBytes);
        device.write(0, ByteBuffer.wrap(content));
        if (device.zeroFast(0, 131_072, false)) {
            Arrays.fill(content, 0, 131_072, (byte) 0);
        }
        assertThat(read(0, sizeBytes)).isEqualTo(content);
    }

    @Test
    void trimsNothingOutsideTheRange() throws IOException {
        byte[] content = random(sizeBytes);
        device.write(0, ByteBuffer.wrap(content));
        device.trim(65_536, 65_536);
        byte[] after = read(0, sizeBytes);
        assertThat(Arrays.copyOf(after, 65_536)).isEqualTo(Arrays.copyOf(content, 65_536));
        assertThat(Arrays.copyOfRange(after, 131_072, sizeBytes))
                .isEqualTo(Arrays.copyOfRange(content, 131_072, sizeBytes));
    }

    @Test
    void promisesZerosOnlyWhereThereAreZeros() throws IOException {
        device.write(200_000, ByteBuffer.wrap(random(1)));
        device.write(500_000, ByteBuffer.wrap(random(100_000)));
        device.writeZeroes(524_288, 8192, false);
        long atBytes = 0;
        while (atBytes < sizeBytes) {
            AllocationRun run = device.allocation(atBytes, sizeBytes - atBytes);
            assertThat(run.lengthBytes()).isBetween(1L, sizeBytes - atBytes);
            if (run.zero()) {
                assertThat(read(atBytes, (int) run.lengthBytes())).containsOnly(0);
            }
            atBytes += run.lengthBytes();
        }
        assertThat(atBytes).isEqualTo(sizeBytes);
    }

    @Test
    void answersForOneByteRanges() throws IOException {
        assertThat(device.allocation(sizeBytes - 1, 1).lengthBytes()).isEqualTo(1);
        device.writeZeroes(sizeBytes - 1, 1, true);
        device.trim(sizeBytes - 1, 1);
        device.cache(sizeBytes - 1, 1);
        assertThat(read(sizeBytes - 1, 1)).containsExactly(0);
    }

    @Test
    void flushesAgainAndAgain() throws IOException {
        for (int round = 1; round <= 3; round++) {
            device.write(1000, ByteBuffer.wrap(random(10 * round)));
            device.flush();
            device.flush();
            assertThat(read(1000, 10 * round)).isEqualTo(random(10 * round));
        }
    }

    private byte[] read(long offsetBytes, int lengthBytes) throws IOException {
        ByteBuffer into = ByteBuffer.allocateDirect(lengthBytes);
        device.read(offsetBytes, into);
        assertThat(into.hasRemaining()).isFalse();
        byte[] bytes = new byte[lengthBytes];
        into.flip().get(bytes);
        return bytes;
    }

    private static byte[] random(int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(lengthBytes).nextBytes(bytes);
        return bytes;
    }
}
