package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.MemoryDevice;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.source.Upstream;
import io.migratekit.source.extent.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
final class ExtentComparerTest {
    private static final int SIZE_BYTES = 3_000_001;

    @TempDir
    Path folder;

    /** What a comparison said. */
    private static final class Findings implements ExtentComparer.DifferenceListener {
        private final List<Long> starts = new ArrayList<>();
        private final List<Long> lengths = new ArrayList<>();
        private long comparedBytes;
        private long readBytes;

        @Override
        public void different(long offsetBytes, long lengthBytes) {
            starts.add(offsetBytes);
            lengths.add(lengthBytes);
        }

        @Override
        public void compared(long offsetBytes, long lengthBytes, long bytesRead) {
            comparedBytes += lengthBytes;
            readBytes += bytesRead;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void findsASingleByteAnywhere(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] content = PlannedDisk.noise(SIZE_BYTES, seed);
        byte[] other = content.clone();
        int at = random.nextInt(8) == 0 ? SIZE_BYTES - 1 : random.nextInt(SIZE_BYTES);
        other[at] ^= (byte) (1 << random.nextInt(8));
        try (CopyRig rig = rig(content, other)) {
            Findings findings = compare(rig, 0, SIZE_BYTES);
            assertThat(findings.comparedBytes).isEqualTo(SIZE_BYTES);
            assertThat(findings.starts).hasSize(1);
            assertThat((long) at)
                    .isBetween(findings.starts.get(0), findings.starts.get(0) + findings.lengths.get(0) - 1);
            assertThat(findings.lengths.get(0)).isLessThanOrEqualTo(ReadPair.GRAIN_BYTES);
        }
    }

    @Test
    void comparesManyPartsOverOneConnectionToEachSide() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(64 << 10, 64 << 10, 8);
        byte[] other = plan.content().clone();
        other[5000] ^= 1; // between the parts
        other[9000] ^= 1;
        try (CopyRig rig = new CopyRig(folder, plan, other)) {
            Findings findings = new Findings();
            ExtentComparer.compare(
                    rig.sourceUri,
                    rig.upstream,
                    rig.targetUri,
                    List.of(new ByteRange(0, 4096), new ByteRange(8192, 12_288), new ByteRange(20_480, 24_576)),
                    rig.settings,
                    rig.progress,
                    findings,
                    rig.stop);

            assertThat(findings.comparedBytes).isEqualTo(3 * 4096);
            assertThat(findings.starts).hasSize(1);
            assertThat(rig.source.connections()).isOne();
            assertThat(rig.target.connections()).isOne();
        }
    }

    @Test
    void findsNothingWhereBothAreEqual() throws IOException {
        byte[] content = PlannedDisk.noise(SIZE_BYTES, 1);
        try (CopyRig rig = rig(content, content)) {
            Findings findings = compare(rig, 0, SIZE_BYTES);
            assertThat(findings.starts).isEmpty();
            assertThat(findings.comparedBytes).isEqualTo(SIZE_BYTES);
            assertThat(findings.readBytes).isEqualTo(SIZE_BYTES);
        }
    }

    @Test
    void looksOnlyAtItsRange() throws IOException {
        byte[] content = PlannedDisk.noise(SIZE_BYTES, 1);
        byte[] other = content.clone();
        other[999_999] ^= 1;
        other[2_000_001] ^= 1;
        try (CopyRig rig = rig(content, other)) {
            assertThat(compare(rig, 1_000_000, 2_000_001).starts).isEmpty();
            assertThat(compare(rig, 999_999, 2_000_002).starts).hasSize(2);
        }
    }

    @Test
    void tellsWhereLongDifferencesBeginAndEnd() throws IOException {
        byte[] content = PlannedDisk.noise(SIZE_BYTES, 1);
        byte[] other = content.clone();
        for (int i = 10_000; i < 50_000; i++) {
            other[i] ^= 1;
        }
        try (CopyRig rig = rig(content, other)) {
            Findings findings = compare(rig, 0, SIZE_BYTES);
            assertThat(findings.starts).containsExactly(8192L);
            assertThat(findings.lengths).containsExactly(53_248L - 8192);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void doesNotReadWhatBothSidesCallZero(long seed) throws IOException {
        Random random = new Random(seed);
        int size = 12 << 20;
        MemoryDevice source = new MemoryDevice(size);
        MemoryDevice target = new MemoryDevice(size);
        for (int i = random.nextInt(3); i > 0; i--) { // holes on one side are zeros, or data, on the other
            long offset = random.nextInt(size - 1000);
            source.write(offset, ByteBuffer.allocate(1000));
            target.write(random.nextInt(size - 1000), ByteBuffer.allocate(1000));
        }
        boolean differs = random.nextBoolean();
        long at = random.nextInt(size);
        if (differs) {
            (random.nextBoolean() ? source : target).write(at, ByteBuffer.wrap(new byte[] {1}));
        }
        try (NbdServer server =
                NbdServer.listen(new NbdUri.Unix(folder.resolve("served.sock")), ServerOptions.defaults())) {
            server.add("source", source, ExportOptions.readOnlyExport());
            server.add("target", target, ExportOptions.readWrite());
            Findings findings = new Findings();
            ExtentComparer.compare(
                    server.uri("source"),
                    Upstream.NONE,
                    server.uri("target"),
                    List.of(new ByteRange(0, size)),
                    CopyRig.SETTINGS,
                    new CopyProgress(new Quiet()),
                    findings,
                    () -> false);
            assertThat(findings.comparedBytes).isEqualTo(size);
            assertThat(findings.readBytes)
                    .as("holes on both sides are not read")
                    .isLessThan(size);
            assertThat(findings.starts).hasSize(differs ? 1 : 0);
        }
    }

    @Test
    void goesOnAfterEitherSideWasLost() throws IOException {
        byte[] content = PlannedDisk.noise(SIZE_BYTES, 1);
        byte[] other = content.clone();
        other[1_500_000] ^= 1;
        for (int at = 0; at < 3; at++) {
            int index = at;
            for (boolean sourceSide : new boolean[] {true, false}) {
                AtomicBoolean once = new AtomicBoolean();
                try (CopyRig rig = rig(content, other)) {
                    (sourceSide ? rig.source : rig.target).fault(request -> {
                        if (request.index() == index && once.compareAndSet(false, true)) {
                            throw new FaultyServer.Crash();
                        }
                        return 0;
                    });
                    Findings findings = compare(rig, 0, SIZE_BYTES);
                    assertThat(findings.comparedBytes).isEqualTo(SIZE_BYTES);
                    assertThat(findings.starts).hasSize(1);
                    assertThat(rig.progress.numbers().reconnects()).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void triesAReadAgainAndThenGivesUp() throws IOException {
        byte[] content = PlannedDisk.noise(SIZE_BYTES, 1);
        int[] errors = {0};
        try (CopyRig rig = rig(content, content)) {
            rig.source.fault(request -> errors[0]++ == 0 ? ErrorCode.EIO.code : 0);
            assertThat(compare(rig, 0, SIZE_BYTES).starts).isEmpty();
            rig.source.fault(request -> ErrorCode.EIO.code);
            assertThatThrownBy(() -> compare(rig, 0, SIZE_BYTES))
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("READ offset=")
                    .hasMessageContaining("It failed on every attempt");
        }
    }

    @Test
    void readsOnOnceANewConnectionReachesWhatStandsBehindTheSource() throws IOException {
        byte[] content = PlannedDisk.noise(SIZE_BYTES, 1);
        byte[] other = content.clone();
        other[1_500_000] ^= 1;
        try (CopyRig rig = rig(content, other)) {
            int attempts = rig.settings.attemptsMax() + 2;
            rig.upstream = new RestingHost(() -> rig.source.connections() > attempts);
            rig.source.fault(request -> rig.source.connections() > attempts ? 0 : ErrorCode.EIO.code);

            assertThat(compare(rig, 0, SIZE_BYTES).starts).hasSize(1);
            assertThat(rig.progress.numbers().reconnects()).isEqualTo(attempts);
        }
    }

    @Test
    void readsWholeBlocksWhereAServerDemandsThem() throws IOException {
        byte[] content = PlannedDisk.noise(65536 * 20, 1);
        byte[] other = content.clone();
        other[700_001] ^= 1;
        try (CopyRig rig = rig(content, other)) {
            rig.source.manner(FaultyServer.Manner.usual().withBlocks(4096, 1 << 20));
            rig.target.manner(FaultyServer.Manner.usual().withBlocks(65536, 65536));
            assertThat(compare(rig, 700_002, 1_000_003).starts).isEmpty();
            assertThat(compare(rig, 700_001, 1_000_003).starts).containsExactly(700_001L);
        }
    }

    @Test
    void stopsWhenAskedTo() throws IOException {
        byte[] content = PlannedDisk.noise(SIZE_BYTES, 1);
        try (CopyRig rig = rig(content, content)) {
            rig.stop = () -> true;
            long reached = ExtentComparer.compare(
                    rig.sourceUri,
                    rig.upstream,
                    rig.targetUri,
                    List.of(new ByteRange(4096, SIZE_BYTES)),
                    rig.settings,
                    rig.progress,
                    new Findings(),
                    rig.stop);
            assertThat(reached).isEqualTo(4096);
        }
    }

    @Test
    void refusesToCompareBehindTheEndOfASide() throws IOException {
        try (CopyRig rig = rig(new byte[1000], new byte[999])) {
            assertThatThrownBy(() -> compare(rig, 0, 1000))
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining(rig.targetUri + " has 999 bytes; comparing up to byte 1000 is not possible")
                    .hasMessageContaining("Check what is served there");
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    private CopyRig rig(byte[] source, byte[] target) throws IOException {
        return new CopyRig(folder, new PlannedDisk(source, List.of()), target);
    }

    private static Findings compare(CopyRig rig, long from, long until) throws IOException {
        Findings findings = new Findings();
        long reached = ExtentComparer.compare(
                rig.sourceUri,
                rig.upstream,
                rig.targetUri,
                List.of(new ByteRange(from, until)),
                rig.settings,
                rig.progress,
                findings,
                rig.stop);
        assertThat(reached).isEqualTo(until);
        return findings;
    }

    private static final class Quiet implements CopyProgress.Events {
        @Override
        public void reconnecting(String side, String reason, int attempt) {}

        @Override
        public void reconnected(String side, int attempts) {}

        @Override
        public void retrying(String reason, int attempt) {}
    }
}
