package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that break the protocol, or fall silent, in the midst of a copy: it ends, and says of whom and what to do. */
@Timeout(60)
final class WrongAnswersTest {
    private static final int SIZE_BYTES = 500_000;

    @TempDir
    private Path folder;

    /** What a server does instead of answering, each with a word of what is said about it. */
    enum Manner {
        GARBAGE("a reply begins with 12345678") {
            @Override
            FaultyServer.Answers answers() {
                return (out, cookie, error, data) -> out.writeLong(0x1234567812345678L);
            }
        },
        TOO_LONG("a reply begins with 00000000") {
            @Override
            FaultyServer.Answers answers() {
                return (out, cookie, error, data) -> {
                    FaultyServer.send(out, cookie, error, data);
                    out.write(new byte[4096]);
                };
            }
        },
        TWICE("which no request has") {
            @Override
            FaultyServer.Answers answers() {
                return (out, cookie, error, data) -> {
                    FaultyServer.send(out, cookie, error, data);
                    FaultyServer.send(out, cookie, error, data);
                };
            }
        },
        TO_NOBODY("which no request has") {
            @Override
            FaultyServer.Answers answers() {
                return (out, cookie, error, data) -> FaultyServer.send(out, ~cookie, error, data);
            }
        };

        private final String words;

        Manner(String words) {
            this.words = words;
        }

        abstract FaultyServer.Answers answers();
    }

    @ParameterizedTest
    @CsvSource({
        "source, GARBAGE", "source, TOO_LONG", "source, TWICE", "source, TO_NOBODY",
        "target, GARBAGE", "target, TOO_LONG", "target, TWICE", "target, TO_NOBODY"
    })
    void aServerThatGoesOnBreakingTheProtocolEndsTheCopySoon(String side, Manner manner) throws IOException {
        try (CopyRig rig = rig()) {
            FaultyServer server = server(rig, side);
            server.answers(manner.answers());

            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Misbehaved.class)
                    .hasMessageContaining("the %s %s broke the protocol 4 times".formatted(side, server.uri()))
                    .hasMessageContaining(manner.words)
                    .hasMessageContaining("check which server (and which version) listens there")
                    .hasMessageContaining(
                            "then run the same command, without --mode full; a copy goes on from its last commit")
                    .hasCauseInstanceOf(NbdException.Violation.class);
            assertThat(rig.events)
                    .filteredOn(event -> event.contains(" lost, "))
                    .hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "target"})
    void aServerThatBreaksTheProtocolNowAndThenIsPutUpWith(String side) throws IOException {
        try (CopyRig rig = rig()) {
            AtomicInteger left = new AtomicInteger(3);
            server(rig, side).answers((out, cookie, error, data) -> {
                if (left.getAndDecrement() > 0) {
                    out.writeLong(0x1234567812345678L);
                }
                FaultyServer.send(out, cookie, error, data);
            });

            rig.copyAndCheck();

            assertThat(rig.events)
                    .filteredOn(event -> event.endsWith(" is back"))
                    .hasSizeBetween(1, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "target"})
    void aServerThatNeverAnswersEndsTheCopyInTime(String side) throws IOException {
        try (CopyRig rig = rig()) {
            rig.settings = impatient();
            FaultyServer server = server(rig, side);
            server.answers((out, cookie, error, data) -> {});
            long beganNanos = System.nanoTime();

            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Lost.class)
                    .hasMessageContaining(
                            "the %s %s lets us connect but got nowhere for 1 s".formatted(side, server.uri()))
                    .hasMessageContaining("has been silent for")
                    .hasMessageContaining("Check the log of its server and the storage behind it")
                    .hasMessageContaining("a copy goes on from its last commit");
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(Duration.ofSeconds(20));
        }
    }

    private CopyRig rig() throws IOException {
        return CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 150_000, 8));
    }

    private static FaultyServer server(CopyRig rig, String side) {
        return side.equals("source") ? rig.source : rig.target;
    }

    private static CopySettings impatient() {
        CopySettings usual = CopyRig.SETTINGS;
        return new CopySettings(
                usual.requestBytes(),
                usual.farRequestBytes(),
                usual.windowBytes(),
                usual.zeroBytesMin(),
                usual.connectTimeout(),
                Duration.ofMillis(300),
                Duration.ofSeconds(1),
                usual.attemptsMax());
    }
}
