package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.operation.MachineCatalog.DiskPair;
import io.migratekit.shell.line.UsageException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DiskOptionTest {

    @ParameterizedTest
    @CsvSource({
        "a.raw=b.raw, a.raw, b.raw",
        "/a b.raw=/c d.raw, /a b.raw, /c d.raw",
        "nbd://h/e=nbd://t/v, nbd://h/e, nbd://t/v",
        "nbd://h/e?bitmap=b0=/img/x.raw, nbd://h/e?bitmap=b0, /img/x.raw",
        "nbd://h/e?bitmap=b0=x.raw, nbd://h/e?bitmap=b0, x.raw",
        "nbd+unix:///a?socket=/s=/img/x.raw, nbd+unix:///a?socket=/s, /img/x.raw",
        "nbd+unix:///a?socket=/s=nbd+unix:///b?socket=/t, nbd+unix:///a?socket=/s, nbd+unix:///b?socket=/t",
        "nbd+unix:///a?bitmap=b&socket=/s=nbds://t/v?tls-certificates=/c, nbd+unix:///a?bitmap=b&socket=/s, nbds://t/v?tls-certificates=/c",
        "lab:/l/web01/2000=/r.raw, lab:/l/web01/2000, /r.raw",
        "a=b.raw=volume:0f0e0d0c-0000-4000-8000-000000000001, a=b.raw, volume:0f0e0d0c-0000-4000-8000-000000000001",
    })
    void findsTheEqualsSignInTheMiddle(String text, String source, String target) {
        assertThat(DiskOption.parse(text)).isEqualTo(new DiskPair(source, target));
    }

    @Test
    void refusesWhatCanBeReadInTwoWays() {
        assertThatThrownBy(() -> DiskOption.parse("a=/b=/c"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("can be read in 2 ways");
    }

    @ParameterizedTest
    @CsvSource({"=b", "a=", "ftp://x=/b", "ftp://x"})
    void refusesWhatIsNoPair(String text) {
        assertThatThrownBy(() -> DiskOption.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is no SOURCE and no SOURCE=TARGET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.raw", "/a b.raw", "nbd://h/e", "nbd://h/e?bitmap=b0", "lab:/l/web01/2000"})
    void aSourceAloneGetsAVolume(String text) {
        assertThat(DiskOption.parse(text)).isEqualTo(new DiskPair(text, Optional.empty()));
    }
}
