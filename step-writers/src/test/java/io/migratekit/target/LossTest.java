package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.wire.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that are gone for a while, for good, or come back as something else. */
@Timeout(60)
final class LossTest {
    private static final int SIZE_BYTES = 500_000;

    @TempDir
    Path folder;

    @Test
    void aPeerThatIsAwayWhenARangeBeginsIsWaitedForAsUsual() throws Exception {
        try (CopyRig rig = rig()) {
            rig.target.goAway();
            CompletableFuture<Void> back = CompletableFuture.runAsync(() -> comeBackOnceMissed(rig));
            rig.copyAndCheck();
            back.join();
            assertThat(rig.events).contains("target is back");
        }
    }

    @Test
    void aPeerThatStaysAwayFromTheBeginningIsLost() throws IOException {
        try (CopyRig rig = rig()) {
            rig.settings = impatient();
            rig.target.goAway();
            assertThatThrownBy(rig::open)
                    .isInstanceOf(CopyException.Lost.class)
                    .hasMessageContaining("stayed away")
                    .hasMessageContaining("Bring it back");
        }
    }

    private static void comeBackOnceMissed(CopyRig rig) {
        try {
            while (rig.events.size() < 2) {
                Thread.onSpinWait();
            }
            rig.target.comeBack();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CopySettings impatient() {
        CopySettings usual = CopyRig.SETTINGS;
        return new CopySettings(
                usual.requestBytes(),
                usual.farRequestBytes(),
                usual.windowBytes(),
                usual.zeroBytesMin(),
                usual.connectTimeout(),
                usual.requestTimeout(),
                Duration.ofMillis(200),
                usual.attemptsMax());
    }

    @Test
    void refusesASourceThatComesBackWithAnotherSize() throws IOException {
        try (CopyRig rig = rig()) {
            comesBackAs(rig.source, FaultyServer.Manner.usual().withExtraBytes(512));
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("the source " + rig.source.uri() + " came back as another disk: 500512 bytes")
                    .hasMessageContaining("before 500000 bytes")
                    .hasMessageContaining("Check what is served there");
        }
    }

    @Test
    void refusesATargetThatComesBackWithStricterBlocks() throws IOException {
        try (CopyRig rig = rig()) {
            comesBackAs(rig.target, FaultyServer.Manner.usual().withBlocks(512, 1 << 20));
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("came back with other block sizes (at least 512")
                    .hasMessageContaining("Run the same command again");
        }
    }

    @Test
    void saysWhatToDoAboutAPeerThatStaysAway() throws IOException {
        for (boolean sourceSide : new boolean[] {true, false}) {
            try (CopyRig rig = rig()) {
                rig.settings = patience(Duration.ofSeconds(1));
                FaultyServer away = sourceSide ? rig.source : rig.target;
                goesAway(away);
                assertThatThrownBy(rig::copy)
                        .isInstanceOf(CopyException.Lost.class)
                        .hasMessageContaining(
                                "the %s %s stayed away for 1 s".formatted(sourceSide ? "source" : "target", away.uri()))
                        .hasMessageContaining("last: no connection to")
                        .hasMessageContaining(
                                "Bring it back, then run the same command, without --mode full; a copy goes on from its last commit")
                        .hasCauseInstanceOf(NbdException.class);
            }
        }
    }

    @Test
    void goesOnWhenAPeerComesBack() throws Exception {
        for (boolean sourceSide : new boolean[] {true, false}) {
            try (CopyRig rig = rig()) {
                FaultyServer away = sourceSide ? rig.source : rig.target;
                goesAway(away);
                Thread helper = new Thread(() -> {
                    try {
                        Thread.sleep(400);
                        away.fault(request -> 0).comeBack();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                helper.start();
                rig.copyAndCheck();
                helper.join();
                String side = sourceSide ? "source" : "target";
                assertThat(rig.events).first().asString().startsWith(side + " lost, attempt 1: ");
                assertThat(rig.events).last().isEqualTo(side + " is back");
                assertThat(rig.events).hasSizeGreaterThan(2);
            }
        }
    }

    @Test
    void stopsWhileAPeerIsAway() throws IOException {
        try (CopyRig rig = rig()) {
            AtomicBoolean stop = new AtomicBoolean();
            rig.stop = stop::get;
            goesAway(rig.target);
            Thread helper = new Thread(() -> {
                sleep(300);
                stop.set(true);
            });
            helper.start();
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Stopped.class)
                    .hasMessageContaining("stopped while the target " + rig.target.uri() + " was away")
                    .hasMessageContaining("what was committed stays");
        }
    }

    @Test
    void aStopDoesNotEndACopyThatGetsOn() throws IOException {
        try (CopyRig rig = rig()) {
            rig.stop = () -> true;
            rig.copyAndCheck();
            assertThat(rig.progress.numbers().movedBytes()).isEqualTo(SIZE_BYTES);
            assertThat(rig.events).isEmpty();
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (CopyRig rig = rig()) {
            goesAway(rig.target);
            Thread copying = Thread.currentThread();
            Thread helper = new Thread(() -> {
                sleep(400);
                copying.interrupt();
            });
            helper.start();
            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Stopped.class)
                    .hasMessageContaining("interrupted while copying; what was committed stays");
            helper.join();
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        }
    }

    @Test
    void closingDoesNotWaitForALostPeer() throws Exception {
        try (CopyRig rig = rig()) {
            rig.settings = patience(Duration.ofMinutes(10));
            RangeCopier copier = rig.open();
            goesAway(rig.target);
            Thread copying = new Thread(
                    () -> assertThatThrownBy(() -> rig.copyNext(copier)).isInstanceOf(CopyException.Stopped.class));
            copying.start();
            while (rig.events.size() < 3) {
                Thread.sleep(5);
            }
            copier.close();
            copying.join();
        }
    }

    @Test
    void aTargetThatAlwaysDiesBeforeItsFlushIsGivenUp() throws IOException {
        try (CopyRig rig = CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 100_000, 3))) {
            rig.settings = patience(Duration.ofSeconds(1));
            rig.target.fault(request -> {
                if (request.command() == Command.FLUSH) {
                    throw new FaultyServer.Crash();
                }
                return 0;
            });
            assertThatThrownBy(rig::copy).isInstanceOf(CopyException.Lost.class);
            assertThat(rig.progress.numbers().copiedBytes()).isZero();
            assertThat(rig.progress.numbers().recopiedBytes()).isPositive();
        }
    }

    @Test
    void aTargetThatDiesAtOnceIsGivenUpEvenWhereZerosAreSkipped() throws IOException {
        PlannedDisk plan = PlannedDisk.whole(SIZE_BYTES, SIZE_BYTES, 3);
        java.util.Arrays.fill(plan.content(), 0, 400_000, (byte) 0);
        java.util.Arrays.fill(plan.content(), 400_000, SIZE_BYTES, (byte) 1);
        try (CopyRig rig = new CopyRig(folder, plan, new byte[SIZE_BYTES])) {
            rig.targetIsZero = true;
            rig.settings = patience(Duration.ofSeconds(1));
            rig.target.fault(request -> {
                throw new FaultyServer.Crash();
            });
            assertThatThrownBy(rig::copy).isInstanceOf(CopyException.Lost.class);
            assertThat(rig.events).as("attempts have pauses in between").hasSizeLessThan(100);
        }
    }

    @Test
    void aSilentPeerIsLost() throws IOException {
        try (CopyRig rig = rig()) {
            rig.settings = new CopySettings(
                    64 << 10,
                    64 << 10,
                    256 << 10,
                    4096,
                    Duration.ofSeconds(5),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(5),
                    4);
            AtomicBoolean once = new AtomicBoolean();
            rig.target.fault(request -> {
                if (request.command() == Command.FLUSH && once.compareAndSet(false, true)) {
                    sleep(1500);
                }
                return 0;
            });
            rig.copyAndCheck();
            assertThat(rig.events).first().asString().contains("has been silent");
        }
    }

    private CopyRig rig() throws IOException {
        return CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 150_000, 8));
    }

    private static CopySettings patience(Duration reconnectTimeout) {
        CopySettings usual = CopyRig.SETTINGS;
        return new CopySettings(
                usual.requestBytes(),
                usual.farRequestBytes(),
                usual.windowBytes(),
                usual.zeroBytesMin(),
                usual.connectTimeout(),
                usual.requestTimeout(),
                reconnectTimeout,
                usual.attemptsMax());
    }

    private static void comesBackAs(FaultyServer server, FaultyServer.Manner manner) {
        server.fault(request -> {
            server.manner(manner);
            throw new FaultyServer.Crash();
        });
    }

    private static void goesAway(FaultyServer server) {
        server.fault(request -> {
            try {
                server.goAway();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            throw new FaultyServer.Crash();
        });
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
