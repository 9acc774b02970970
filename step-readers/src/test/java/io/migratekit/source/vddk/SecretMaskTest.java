package io.migratekit.source.vddk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretMaskTest {
    private static final SecretMask MASK = new SecretMask(Password.of("a<b&\"c'd$e f"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "login with a<b&\"c'd$e f now",
                "<password>a&lt;b&amp;&quot;c&apos;d$e f</password>",
                "<v>a&lt;b&amp;\"c'd$e f</v>",
                "pw=a%3Cb%26%22c%27d%24e+f",
                "words \"a<b&\\\"c'd\\$e f\""
            })
    void hidesThePasswordInTheFormsOfOtherPrograms(String line) {
        assertThat(MASK.mask(line)).contains("***").doesNotContain("c'd", "c&apos;d", "c%27d", "d$e");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Set-Cookie: vmware_soap_session=hidden; Path=/",
                "password: hidden",
                "\"sessionKey\": \"hidden\"",
                "cookie=hidden",
                "NFC ticket=hidden"
            })
    void hidesWhatFollowsAWordForASecret(String line) {
        assertThat(MASK.mask(line)).contains("***").doesNotContain("hidden");
    }

    @Test
    void leavesOtherWordsAsTheyAre() {
        String line = "nbdkit: vddk[1]: error: VixDiskLib_Open: [ds] vm/vm.vmdk: Unknown error";
        assertThat(MASK.mask(line)).isEqualTo(line);
    }

    @Test
    void hidesASecretThatTheEndOfALineCuts() {
        assertThat(MASK.maskCut("0123456789012345678901234567890123456789 a<b&\"c'd$"))
                .doesNotContain("a<b");
    }
}
