package io.migratekit.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TargetRefTest {

    @Test
    void twoWaysToNameAFileAreOneTarget(@TempDir Path folder) throws Exception {
        Path image = Files.createFile(folder.resolve("an image.raw"));
        Path link = Files.createSymbolicLink(folder.resolve("link.raw"), image);

        assertThat(TargetRef.parse(link.toString())).isEqualTo(TargetRef.parse("file:" + image));
        assertThat(TargetRef.parse(folder + "/../" + folder.getFileName() + "/an image.raw"))
                .isEqualTo(TargetRef.parse(image.toString()));
    }

    @Test
    void aFileThatDoesNotExistYetIsNamedByItsFolder(@TempDir Path folder) {
        TargetRef target = TargetRef.parse(folder.resolve("new.raw").toString());

        assertThat(target.image()).isPresent();
        assertThat(target.uri()).isEmpty();
    }

    @Test
    void twoWaysToWriteAnUriAreOneTarget() {
        assertThat(TargetRef.parse("nbd://host:10809/vol")).isEqualTo(TargetRef.parse("nbd://host/vol"));
        assertThat(TargetRef.parse("nbd://host/vol").uri()).isPresent();
    }

    @Test
    void whatIsNeitherIsRefusedWithAnExample() {
        assertThatThrownBy(() -> TargetRef.parse("http://host/vol"))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("nbd://");
        assertThatThrownBy(() -> TargetRef.parse("nbd://host:port/vol")).isInstanceOf(JobException.Refused.class);
        assertThatThrownBy(() -> TargetRef.parse(" ")).isInstanceOf(JobException.Refused.class);
    }

    @Test
    void seesTheSameDiskBehindOtherWords(@TempDir Path folder) throws Exception {
        Path image = Files.createFile(folder.resolve("image.raw"));
        Path hardLink = Files.createLink(folder.resolve("hard.raw"), image);
        Path other = Files.createFile(folder.resolve("other.raw"));
        Path socket = Files.createFile(folder.resolve("s"));
        Path socketLink = Files.createSymbolicLink(folder.resolve("l"), socket);

        assertThat(TargetRef.parse(image.toString()).isAt(hardLink.toString())).isTrue();
        assertThat(TargetRef.parse(image.toString()).isAt(other.toString())).isFalse();
        assertThat(TargetRef.parse("nbd://Host/d").isAt("nbd://host:10809/d?bitmap=b"))
                .isTrue();
        assertThat(TargetRef.parse("nbd://host/d").isAt("nbd://host/e")).isFalse();
        assertThat(TargetRef.parse("nbd://localhost/d").isAt("nbd://127.0.0.1/d"))
                .isTrue();
        assertThat(TargetRef.parse("nbd://[::1]/d").isAt("nbd://127.0.0.1/d")).isTrue();
        assertThat(TargetRef.parse("nbd://192.0.2.1/d").isAt("nbd://192.0.2.2/d"))
                .isFalse();
        assertThat(TargetRef.parse("nbd+unix:///d?socket=" + socket).isAt("nbd+unix:///d?socket=" + socketLink))
                .isTrue();
        assertThat(TargetRef.parse("nbd+unix:///d?socket=s").text())
                .isEqualTo("nbd+unix:///d?socket=" + Path.of("s").toAbsolutePath());
    }
}
