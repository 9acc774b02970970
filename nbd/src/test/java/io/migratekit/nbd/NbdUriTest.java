package io.migratekit.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NbdUriTest {

    @Test
    void readsTcpWithAndWithoutPort() {
        assertThat(NbdUri.parse("nbd://backup.example:10900/disk"))
                .isEqualTo(NbdUri.tcp("backup.example", 10900, "disk"));
        assertThat(NbdUri.parse("nbd://backup.example/disk")).isEqualTo(NbdUri.tcp("backup.example", 10809, "disk"));
    }

    @Test
    void readsUnixSockets() {
        assertThat(NbdUri.parse("nbd+unix:///disk?socket=/run/nbd.sock"))
                .isEqualTo(NbdUri.unix(Path.of("/run/nbd.sock"), "disk"));
    }

    @Test
    void tellsTlsByTheScheme() {
        assertThat(NbdUri.parse("nbds://h/d").tls()).isTrue();
        assertThat(NbdUri.parse("nbds+unix:///d?socket=/s").tls()).isTrue();
        assertThat(NbdUri.parse("nbd://h/d").tls()).isFalse();
        assertThat(NbdUri.parse("nbd+unix:///d?socket=/s").tls()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "nbd://h, ''",
        "nbd://h/, ''",
        "nbd://h//abs, /abs",
        "nbd://h/a/b, a/b",
        "nbd://h/a%20b, a b",
        "nbd://h/a+b, a+b",
        "nbd://h/%C3%A4%23%3F, ä#?",
        "nbd+unix:///?socket=/s, ''",
        "nbd+unix:////abs?socket=/s, /abs"
    })
    void readsTheNameOfTheExport(String text, String name) {
        assertThat(NbdUri.parse(text).exportName()).isEqualTo(name);
    }

    @Test
    void readsAddressesOfVersion6WithoutBrackets() {
        NbdUri uri = NbdUri.parse("nbd://[::1]:1234/d");
        assertThat(uri.address()).isEqualTo(new NbdUri.Tcp("::1", 1234));
        assertThat(uri).hasToString("nbd://[::1]:1234/d");
    }

    @Test
    void keepsParametersAndGivesThemUpOneByOne() {
        NbdUri uri = NbdUri.parse("nbds+unix:///d?socket=/s%20x&tls-certificates=/etc/pki&bitmap=b%26c");
        assertThat(uri.address()).isEqualTo(new NbdUri.Unix(Path.of("/s x")));
        assertThat(uri.parameter("tls-certificates")).contains("/etc/pki");
        assertThat(uri.parameter("bitmap")).contains("b&c");
        assertThat(uri.without("bitmap").parameters()).containsOnlyKeys("tls-certificates");
        assertThat(uri.parameter("socket")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http://h/d|scheme is none of",
                "nbd:d|scheme is none of",
                "/dev/sda|scheme is none of",
                "``|'' is no NBD URI",
                "nbd://h/a b|blank as %20",
                "nbd://h/d#x|'#' part has no meaning",
                "nbd://user@h/d|user name has no meaning",
                "nbd:///d|no host",
                "nbd://under_score/d|no host",
                "nbd://h/d?socket=/s|goes with nbd+unix",
                "nbd+unix:///d|names its socket",
                "nbd+unix:///d?socket=|names its socket",
                "nbd+unix://d?socket=/s|write three slashes",
                "nbd+unix://d_x?socket=/s|write three slashes",
                "nbd://h/d?novalue|no name=value",
                "nbd://h/d?=v|no name=value",
                "nbd+unix:///d?socket=/a&socket=/b|given twice",
                "nbd://h/d?bitmpa=b|nobody knows its parameter 'bitmpa' (known: socket, tls-certificates, tls-hostname, bitmap)",
                "nbd://h/%zz|is no NBD URI",
            })
    void saysWhatIsWrongAndGivesExamples(String text, String reason) {
        assertThatThrownBy(() -> NbdUri.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("nbd://host:10809/export")
                .hasMessageContaining("nbd+unix:///export?socket=/run/nbd.sock");
    }

    @Test
    void refusesPortsOutOfRange() {
        assertThatThrownBy(() -> NbdUri.parse("nbd://h:70000/d")).hasMessageContaining("port of 0 to 65535");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nbd://me:secret@h/d",
                "nbd://me:secret@under_score/d",
                "nbd://me:secret@h/a b",
                "nbds+unix://me:secret@/d?socket=/s"
            })
    void neverRepeatsAPassword(String text) {
        assertThatThrownBy(() -> NbdUri.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("remove the part before '@'")
                .hasMessageNotContaining("secret");
    }

    @Test
    void refusesNamesThatTheProtocolCannotCarry() {
        assertThatThrownBy(() -> NbdUri.tcp("h", 1, "ä".repeat(2049)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2049 characters; NBD allows 4096 bytes");
        assertThat(NbdUri.tcp("h", 1, "ä".repeat(2048)).exportName()).hasSize(2048);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsWrittenIsReadBack(long seed) {
        Random random = new Random(seed);
        NbdUri.Address address = random.nextBoolean()
                ? new NbdUri.Unix(Path.of("/" + text(random).replace("/", "")))
                : new NbdUri.Tcp(random.nextBoolean() ? "fe80::1" : "h-1.example", random.nextInt(65536));
        Map<String, String> parameters = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            parameters.put(List.of("tls-certificates", "tls-hostname", "bitmap").get(random.nextInt(3)), text(random));
        }
        NbdUri uri = new NbdUri(address, random.nextBoolean(), text(random), parameters);
        assertThat(NbdUri.parse(uri.toString())).isEqualTo(uri);
        assertThat(NbdUri.accepts(uri.toString())).isTrue();
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static String text(Random random) {
        String letters = "ab/:?#[]@!$&'()*+,;=%\"<> \\^`{|}~-._äλ中\u0001\n";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.append(random.nextInt(8) == 0 ? "😀" : "").toString();
    }
}
