package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.source.SourceException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source whose server answers while what stands behind it is away. */
@Timeout(60)
final class UpstreamTest {
    private static final int SIZE_BYTES = 500_000;

    @TempDir
    Path folder;

    @Test
    void readsOnOnceANewConnectionReachesIt() throws IOException {
        try (CopyRig rig = rig()) {
            rig.settings = withoutPatienceOfItsOwn();
            int attempts = rig.settings.attemptsMax() + 3;
            rig.upstream = new RestingHost(() -> rig.source.connections() > attempts);
            rig.source.fault(request -> request.index() > 2 && rig.source.connections() <= attempts ? eio(request) : 0);

            rig.copyAndCheck();

            assertThat(rig.events)
                    .filteredOn(event -> event.contains("lost"))
                    .hasSize(attempts)
                    .allMatch(event -> event.contains("input/output error (the host rests)"));
        }
    }

    @Test
    void isWaitedForAtTheBeginningOfARangeAsWell() throws Exception {
        try (CopyRig rig = rig()) {
            rig.settings = withoutPatienceOfItsOwn();
            rig.source.goAway();
            rig.upstream = new RestingHost(() -> true) {
                @Override
                public Optional<String> failed(String seen) {
                    try {
                        rig.source.comeBack(); // while it is asked
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                    return Optional.empty();
                }
            };

            rig.copyAndCheck();
        }
    }

    @Test
    void isNotTriedAgainWhereOnlyAPersonCanMendIt() throws IOException {
        try (CopyRig rig = rig()) {
            rig.upstream = new RestingHost(() -> true) {
                @Override
                public Optional<String> failed(String seen) throws SourceException {
                    throw new SourceException.Refused("the password is wrong");
                }
            };
            rig.source.fault(UpstreamTest::eio);

            assertThatThrownBy(rig::copy)
                    .isInstanceOf(SourceException.Refused.class)
                    .hasMessage("the password is wrong");
            assertThat(rig.source.connections()).as("no second log-in").isEqualTo(1);
        }
    }

    @Test
    void isNotBlamedForABadSpotOfTheDisk() throws IOException {
        try (CopyRig rig = rig()) {
            rig.upstream = new RestingHost(() -> true);
            rig.source.fault(request -> request.offsetBytes() == 131072 ? eio(request) : 0);

            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("READ offset=131072")
                    .hasMessageContaining("input/output error (the host rests). It failed on every attempt");
            assertThat(rig.source.connections()).isLessThanOrEqualTo(rig.settings.attemptsMax());
        }
    }

    @Test
    void isGivenUpAfterItsPatienceWithWhatItSays() throws IOException {
        try (CopyRig rig = rig()) {
            rig.settings = withoutPatienceOfItsOwn();
            rig.upstream = new RestingHost(() -> false) {
                @Override
                public Duration patience() {
                    return Duration.ofMillis(300);
                }
            };
            rig.source.fault(UpstreamTest::eio);

            assertThatThrownBy(rig::copy)
                    .isInstanceOf(CopyException.Lost.class)
                    .hasMessageContaining("lets us connect but got nowhere")
                    .hasMessageContaining("(the host rests)")
                    .hasMessageContaining("a copy goes on from its last commit");
        }
    }

    private static int eio(FaultyServer.Request request) {
        return request.command() == Command.READ ? ErrorCode.EIO.code : 0;
    }

    private static CopySettings withoutPatienceOfItsOwn() {
        CopySettings usual = CopyRig.SETTINGS;
        return new CopySettings(
                usual.requestBytes(),
                usual.farRequestBytes(),
                usual.windowBytes(),
                usual.zeroBytesMin(),
                usual.connectTimeout(),
                usual.requestTimeout(),
                Duration.ZERO,
                usual.attemptsMax());
    }

    private CopyRig rig() throws IOException {
        return CopyRig.ontoNoise(folder, PlannedDisk.whole(SIZE_BYTES, 150_000, 7));
    }
}
