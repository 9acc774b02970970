package io.migratekit.volume.cloudstack.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SignedFormTest {
    private static final ApiKeys KEYS = new ApiKeys("key-A_1", "secret-B_2");

    @Test
    void signsTheExampleOfTheDevelopersGuideAsTheGuideDoes() {
        ApiKeys guide = new ApiKeys(
                "plgWJfZK4gyS3mOMTVmjUVg-X-jlWlnfaUJ9GAbBbf9EdM-kAYMmAiLqzzq1ElZLYq_u38zCm0bewzGUdP66mg",
                "VDaACYb0LV9eNjTetIOElcVQkvJck_J_QljX_FcHRj87ZKiy0z0ty0ZsYBkoXkY9b7eq1EhwJaw7FF3akA3KBQ");
        String text = "apikey=plgwjfzk4gys3momtvmjuvg-x-jlwlnfauj9gabbbf9edm-kaymmailqzzq1elzlyq_u38zcm0bewzgudp66mg"
                + "&command=listusers&response=json";
        assertThat(guide.sign(text)).isEqualTo("TTpdDq/7j/J58XCRHomKoQXEQds=");
    }

    /** The expected form and signature were computed with Python's hmac and urllib. */
    @Test
    void signsBlanksUmlautsBracketsAndStarsAsAnIndependentSignerDoes() {
        ApiCommand command = ApiCommand.of("createVolume")
                .with("size", 3)
                .with("name", "Straße & Söhne + 1 [mk-7f]")
                .with("tags[0].key", "a*b~c");
        SignedForm form = SignedForm.of(command, KEYS, Instant.parse("2026-01-02T03:14:05.678Z"));
        assertThat(form.signature()).isEqualTo("Rmadfa13zy+J0NMyRoUU4ONm8aU=");
        assertThat(form.body())
                .isEqualTo("apiKey=key-A_1&command=createVolume&expires=2026-01-02T03%3A14%3A05%2B0000"
                        + "&name=Stra%C3%9Fe%20%26%20S%C3%B6hne%20%2B%201%20%5Bmk-7f%5D&response=json&signatureVersion=3"
                        + "&size=3&tags[0].key=a*b%7Ec&signature=Rmadfa13zy%2BJ0NMyRoUU4ONm8aU%3D");
    }

    @Test
    void showsNoKeyToWhoeverPrintsIt() {
        SignedForm form = SignedForm.of(ApiCommand.of("listZones"), KEYS, Instant.EPOCH);
        assertThat(form.toString() + KEYS).doesNotContain("key-A_1", "secret-B_2", form.signature());
        assertThat(KEYS.hiddenIn("apiKey=key-A_1 and secret-B_2")).isEqualTo("apiKey=*** and ***");
    }

    @Test
    void refusesBadlyPastedKeysWithoutRepeatingThem() {
        assertThatThrownBy(() -> new ApiKeys("key-A_1\n", "secret-B_2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("API key")
                .hasMessageNotContaining("key-A_1");
        assertThatThrownBy(() -> new ApiKeys("key-A_1", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("secret key");
    }
}
