package io.migratekit.shell.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.line.UsageException;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people may write for a volume and for a size. */
final class VolumeNamesTest {
    private static final Volume ONE = volume("one", "2ff6ccaf-404c-8efd-a5bf-806c78a4d401");
    private static final Volume TWIN = volume("twin", "2ff6ccaf-404c-8efd-a5bf-806c78a4d402");
    private static final Volume NAMED_AS_AN_ID = volume("2ff6ccaf", "98b65963-a304-87d5-969f-db1cdbe5cb9c");

    @Test
    void findsByNameByIdAndByItsBeginning() {
        List<Volume> all = List.of(ONE, NAMED_AS_AN_ID);
        assertThat(VolumeNames.find(all, "one")).isEqualTo(ONE);
        assertThat(VolumeNames.find(all, ONE.id().text())).isEqualTo(ONE);
        assertThat(VolumeNames.find(all, "98b65963")).isEqualTo(NAMED_AS_AN_ID);
        assertThat(VolumeNames.find(all, "2ff6ccaf")).as("a name comes first").isEqualTo(NAMED_AS_AN_ID);
        assertThat(VolumeNames.find(all, "2ff6ccaf-")).isEqualTo(ONE);
    }

    @Test
    void guessesNeitherBetweenTwoNorFromTooFewCharacters() {
        assertThatThrownBy(() -> VolumeNames.find(List.of(ONE, TWIN), "2ff6ccaf-404c"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("2 volumes begin with '2ff6ccaf-404c'; write more");
        assertThatThrownBy(() -> VolumeNames.find(List.of(ONE), "2ff6cca"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("there is no volume 2ff6cca");
        assertThatThrownBy(() -> VolumeNames.find(List.of(ONE), "on")).hasMessageContaining("'volume list'");
    }

    @ParameterizedTest
    @CsvSource({"512,512", "10MB,10485760", "1kb,1024", "2gB,2147483648", "1TB,1099511627776"})
    void readsSizes(String text, long bytes) {
        assertThat(VolumeCommands.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "10XB", "1.5GB", "10 GB x", "8388608TB", "99999999999999999999"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> VolumeCommands.bytes(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("such as 100GB");
    }

    private static Volume volume(String name, String id) {
        return new Volume(
                new VolumeId(id),
                name,
                Optional.empty(),
                "local",
                512,
                VolumeState.AVAILABLE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0);
    }
}
