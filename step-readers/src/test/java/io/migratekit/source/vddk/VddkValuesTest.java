package io.migratekit.source.vddk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VddkValuesTest {
    private static final String THUMBPRINT = "B2:31:BD:DE:9F:DB:9D:E0:78:EF:30:42:8A:41:B0:28:92:93:C8:DD";

    @ParameterizedTest
    @ValueSource(strings = {"", "two\nlines", "nul\0"})
    void refusesPasswordsThatNbdkitCannotRead(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Password.of(text));
    }

    @Test
    void showsNoPassword() {
        VddkServer server = new VddkServer("vc", "root", Password.of("geheim"), THUMBPRINT);

        assertThat(server.toString()).doesNotContain("geheim");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12",
                "B2-31",
                THUMBPRINT + ":00",
                "zz:31:BD:DE:9F:DB:9D:E0:78:EF:30:42:8A:41:B0:28:92:93:C8:DD"
            })
    void refusesWhatIsNoThumbprint(String thumbprint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VddkServer("vc", "root", Password.of("x"), thumbprint))
                .withMessageContaining("-fingerprint -sha1");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65536})
    void refusesWhatIsNoPort(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VddkServer("vc", port, "root", Password.of("x"), THUMBPRINT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "vm-1 snapshot=x", "../x", "moref=vm-1"})
    void refusesWhatIsNoReference(String reference) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VddkDisk(reference, Optional.empty(), "[ds] a/b.vmdk"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VddkDisk("vm-1", Optional.of(reference), "[ds] a/b.vmdk"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b.vmdk", "[ds]a/b.vmdk", "[] a/b.vmdk", "[ds] a\nb.vmdk"})
    void refusesWhatIsNoPathOnADatastore(String file) {
        assertThatIllegalArgumentException().isThrownBy(() -> new VddkDisk("vm-1", Optional.empty(), file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[ds] a/b.vmdk", "[d%2fs 1] Büro %2f (neu)/web 01_1-000002.vmdk", "[ds] [a] b/[a].vmdk"})
    void takesEveryNameThatVsphereAllows(String file) {
        assertThat(new VddkDisk("vm-1", Optional.empty(), file).file()).isEqualTo(file);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void refusesTooFewOrTooManyConnections(int connections) {
        VddkSettings defaults = VddkSettings.defaults();
        Duration second = Duration.ofSeconds(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VddkSettings(
                        defaults.plugin(),
                        defaults.transports(),
                        defaults.compression(),
                        connections,
                        second,
                        second,
                        second,
                        second,
                        defaults.folder()))
                .withMessageContaining("2 to 4");
    }

    @Test
    void refusesAFolderTooLongForASocketInBytes() {
        Path fits = Path.of("/" + "ü".repeat(30));

        assertThat(in(fits).folder()).isEqualTo(fits);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> in(Path.of("/" + "ü".repeat(31))))
                .withMessageContaining("61 bytes");
    }

    private static VddkSettings in(Path folder) {
        VddkSettings usual = VddkSettings.defaults();
        return new VddkSettings(
                usual.plugin(),
                usual.transports(),
                usual.compression(),
                usual.connections(),
                usual.startTimeout(),
                usual.openTimeout(),
                usual.silenceMax(),
                usual.endTimeout(),
                folder);
    }

    @Test
    void refusesAPasswordAmongThePluginsArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VddkPlugin(
                        Path.of("/usr/bin/nbdkit"), "vddk", List.of("password=geheim"), Optional.empty()))
                .withMessageNotContainingAny("geheim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--run", "vddk x", ""})
    void refusesPluginNamesThatNbdkitWouldTakeForOptions(String plugin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VddkPlugin(Path.of("/usr/bin/nbdkit"), plugin, List.of(), Optional.empty()));
    }
}
