package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.Transmission;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Targets and sources of all kinds: what is refused at once, and what is copied right. */
@Timeout(60)
final class TargetShapesTest {
    private static final int SIZE_BYTES = 500_000;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void leavesBytesOutsideTheExtentsAlone(long seed) throws IOException {
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.scattered(SIZE_BYTES, 1, seed))) {
            rig.copyAndCheck();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void skipsZerosOnATargetThatIsZero(long seed) throws IOException {
        PlannedDisk plan = PlannedDisk.scattered(SIZE_BYTES, 512, seed);
        try (CopyRig rig = new CopyRig(folder, plan, new byte[SIZE_BYTES])) {
            rig.targetIsZero = true;
            rig.target.fault(request -> {
                assertThat(request.command()).isNotEqualTo(Command.WRITE_ZEROES);
                return 0;
            });
            rig.copyAndCheck();
            assertThat(rig.progress.numbers().zeroedBytes()).isZero();
        }
    }

    @Test
    void touchesNoTargetWhereAllIsZeroAlready() throws IOException {
        PlannedDisk plan = new PlannedDisk(
                new byte[SIZE_BYTES],
                List.of(new ExtentRun(
                        0,
                        SIZE_BYTES,
                        List.of(
                                new Extent(0, 100_000, Extent.Kind.ZERO),
                                new Extent(200_000, 300_000, Extent.Kind.DATA)))));
        try (CopyRig rig = new CopyRig(folder, plan, new byte[SIZE_BYTES])) {
            rig.targetIsZero = true;
            rig.copyAndCheck();
            assertThat(rig.target.requests()).isZero();
            assertThat(rig.progress.numbers().skippedBytes()).isEqualTo(400_000);
        }
    }

    @Test
    void copiesWithoutWriteZeroes() throws IOException {
        PlannedDisk plan = new PlannedDisk(
                new byte[4 << 20],
                List.of(new ExtentRun(0, 4 << 20, List.of(new Extent(0, 4 << 20, Extent.Kind.ZERO)))));
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
            rig.target.manner(FaultyServer.Manner.usual().without(Transmission.SEND_WRITE_ZEROES));
            rig.copyAndCheck();
            assertThat(rig.progress.numbers().zeroedBytes()).isEqualTo(4 << 20);
        }
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.scattered(SIZE_BYTES, 512, 1))) {
            rig.target.manner(FaultyServer.Manner.usual().without(Transmission.SEND_WRITE_ZEROES));
            rig.copyAndCheck();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "512,1,500000",
        "1,512,500000",
        "4096,512,499712",
        "512,4096,500224",
        "1,4096,500001",
        "65536,65536,458752",
        "1,65536,500001",
        "512,65536,499712",
        "4096,1,499713"
    })
    void keepsToTheBlocksOfBothSides(int sourceBlock, int targetBlock, int sizeBytes) throws IOException {
        int most = Math.max(sourceBlock, targetBlock);
        for (long seed = 0; seed < 5; seed++) {
            // widened requests carry what the source holds, so the rest of the target is as the source has it
            PlannedDisk plan = PlannedDisk.scattered(sizeBytes, 1, seed);
            byte[] target = Arrays.copyOf(plan.content(), (sizeBytes + most - 1) / most * most + most);
            Arrays.fill(target, sizeBytes, target.length, (byte) 0x77);
            plan.runs().stream()
                    .flatMap(run -> run.extents().stream())
                    .forEach(extent ->
                            Arrays.fill(target, (int) extent.offsetBytes(), (int) extent.endBytes(), (byte) 0x66));
            long lastBlock = (sizeBytes - 1L) / most * most;
            boolean endIsCopied = plan.runs().stream()
                    .flatMap(run -> run.extents().stream())
                    .anyMatch(extent -> extent.endBytes() > lastBlock);
            try (CopyRig rig = new CopyRig(folder, plan, target)) {
                rig.source.manner(FaultyServer.Manner.usual().withBlocks(sourceBlock, 1 << 20));
                rig.target.manner(FaultyServer.Manner.usual().withBlocks(targetBlock, 1 << 20));
                rig.copy();
                byte[] held = rig.target.disk().written();
                assertThat(Arrays.mismatch(held, 0, sizeBytes, plan.content(), 0, sizeBytes))
                        .as("seed %d", seed)
                        .isEqualTo(-1);
                assertTail(held, sizeBytes, targetBlock, endIsCopied);
            }
        }
    }

    @Test
    void keepsToTheLongestPayload() throws IOException {
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 200_000, 3))) {
            rig.settings = CopySettings.defaults();
            rig.target.manner(FaultyServer.Manner.usual().withBlocks(1, 65536));
            rig.copyAndCheck();
        }
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 200_000, 3))) {
            rig.source.manner(FaultyServer.Manner.usual().withBlocks(512, 5000));
            rig.copyAndCheck();
        }
    }

    @Test
    void copiesOntoALargerTarget() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(SIZE_BYTES, 200_000, 4);
        try (CopyRig rig = new CopyRig(folder, plan, PlannedDisk.noise(SIZE_BYTES * 2, 5))) {
            rig.copyAndCheck();
        }
    }

    @Test
    void copiesFromALargerSource() throws IOException {
        PlannedDisk larger = PlannedDisk.whole(SIZE_BYTES, SIZE_BYTES, 6);
        PlannedDisk plan = new PlannedDisk(
                Arrays.copyOf(larger.content(), 300_001),
                List.of(new ExtentRun(0, 300_001, List.of(new Extent(0, 300_001, Extent.Kind.DATA)))));
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan);
                FaultyServer source = new FaultyServer(folder, larger.content())) {
            rig.sourceUri = source.uri();
            rig.copyAndCheck();
        }
    }

    @Test
    void refusesATargetWithoutFlushUnlessToldOtherwise() throws IOException {
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 200_000, 7))) {
            rig.target.manner(FaultyServer.Manner.usual().without(Transmission.SEND_FLUSH));
            assertThatThrownBy(rig::open)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("the target " + rig.target.uri() + " offers no FLUSH")
                    .hasMessageContaining("flush = true")
                    .hasMessageContaining("--unsafe-target");
            assertThat(rig.target.disk().writes()).isZero();
            rig.unsafeTarget = true;
            rig.copyAndCheck();
        }
    }

    @Test
    void refusesAReadOnlyTarget() throws IOException {
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 200_000, 7))) {
            rig.target.manner(FaultyServer.Manner.usual().with(Transmission.READ_ONLY));
            assertThatThrownBy(rig::open)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("is read-only. Serve it for writing");
        }
    }

    @Test
    void refusesATargetThatIsTooSmall() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(SIZE_BYTES, 200_000, 7);
        try (CopyRig rig = new CopyRig(folder, plan, new byte[SIZE_BYTES - 1])) {
            assertThatThrownBy(rig::open)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("has 499999 bytes, 1 too few for a disk of 500000. Use a larger volume");
        }
    }

    @Test
    void refusesATargetThatHasNoRoomForTheLastBlock() throws IOException {
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 200_000, 7))) {
            rig.target.manner(FaultyServer.Manner.usual().withBlocks(4096, 1 << 20));
            assertThatThrownBy(rig::open)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("takes blocks of 4096 bytes; a disk of 500000 bytes needs 503808 there")
                    .hasMessageContaining("Use a larger volume");
        }
    }

    @Test
    void refusesASourceThatIsSmallerThanPlanned() throws IOException {
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 200_000, 7));
                FaultyServer small = new FaultyServer(folder, new byte[1000])) {
            rig.sourceUri = small.uri();
            assertThatThrownBy(rig::open)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining(
                            "has 1000 bytes where the disk has 500000; it is not the disk that was planned")
                    .hasMessageContaining("Check what is served there");
        }
    }

    @Test
    void refusesSidesThatNoRequestFits() throws IOException {
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.whole(65536 * 4, 200_000, 7))) {
            rig.source.manner(FaultyServer.Manner.usual().withBlocks(1, 32768));
            rig.target.manner(FaultyServer.Manner.usual().withBlocks(65536, 1 << 20));
            assertThatThrownBy(rig::open)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("no request fits both sides")
                    .hasMessageContaining("Change the block sizes of one of the servers");
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    /** Behind the disk there is at most padding with zeros up to a block of the target; everything after that is as it was. */
    private static void assertTail(byte[] held, int sizeBytes, int block, boolean endIsCopied) {
        int padded = (sizeBytes + block - 1) / block * block;
        for (int i = sizeBytes; i < held.length; i++) {
            assertThat(held[i]).as("byte %d behind the disk", i).isEqualTo((byte)
                    (i < padded && endIsCopied ? 0 : 0x77));
        }
    }
}
