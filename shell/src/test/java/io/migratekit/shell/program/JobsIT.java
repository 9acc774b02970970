package io.migratekit.shell.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs through the packaged program: exit codes, JSON, interrupts, processes of their own. */
final class JobsIT {
    private static final int IMAGE_BYTES = (24 << 20) + 512;

    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void program() {
        program = new Program(folder);
    }

    @Test
    void copiesAnImageAndEndsWithOneJsonObject() throws Exception {
        Path source = image("source.raw");
        Path target = folder.resolve("target.raw");
        var json = program.run("copy", source.toString(), target.toString(), "--json")
                .exits(0)
                .json();
        assertThat(json.propertyNames())
                .contains(
                        "jobId",
                        "status",
                        "bytesTotal",
                        "bytesCopied",
                        "bytesZeroed",
                        "bytesSkipped",
                        "bytesRecopied",
                        "copySeconds",
                        "commitSeconds",
                        "restarts");
        assertThat(json.get("status").asString()).isEqualTo("completed");
        assertThat(json.get("bytesTotal").asLong()).isEqualTo(IMAGE_BYTES);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void keepsAVmWithBlanksAndUnicodeInItsName() throws Exception {
        Path source = image("quelle ä.raw");
        Path target = folder.resolve("ziel ß.raw");
        program.run("vm", "add", "Büro 'eins'", "--disk", source + "=" + target).exits(0);
        program.run("replicate", "start", "Büro 'eins'", "--wait").exits(0);
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
        var verified = program.run("verify", "Büro 'eins'", "--json").exits(0).json();
        assertThat(verified.get("identical").asBoolean()).isTrue();
        var shown = program.run("vm", "show", "Büro 'eins'", "--json").exits(0).json();
        assertThat(shown.get("restorePoints")).hasSize(1);
        var point = shown.get("restorePoints").get(0);
        assertThat(Instant.parse(point.get("moment").asString()))
                .as("what the source held then")
                .isBefore(Instant.parse(point.get("createdAt").asString()));
        assertThat(program.run("vm", "list").exits(0).out()).contains("Büro 'eins'");
    }

    @Test
    void verifyEndsWithOneAndSaysWhereBytesDiffer() throws Exception {
        Path target = folder.resolve("target.raw");
        program.run("vm", "add", "web01", "--disk", image("source.raw") + "=" + target)
                .exits(0);
        program.run("replicate", "start", "web01", "--wait").exits(0);
        try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 7 << 20);
        }
        var json = program.run("verify", "web01", "--json").exits(1).json();
        assertThat(json.get("status").asString()).isEqualTo("different");
        assertThat(json.get("listed")).isNotEmpty();
    }

    @Test
    void handsAJobOverToAProcessOfItsOwn() throws Exception {
        Path source = image("source.raw");
        Path target = folder.resolve("target.raw");
        program.run("vm", "add", "web01", "--disk", source + "=" + target).exits(0);
        String jobId = program.run("replicate", "start", "web01", "--json")
                .exits(0)
                .json()
                .get("jobId")
                .asString();
        assertThat(jobId).matches("job-\\d{8}-\\d{6}\\.\\d{3}-[0-9a-f]{6}");
        awaitStatus(jobId, "completed");
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    @Test
    void removesAVmOnlyWithoutDryRunAndNeverItsTarget() throws Exception {
        Path target = folder.resolve("target.raw");
        program.run("vm", "add", "web01", "--disk", image("source.raw") + "=" + target)
                .exits(0);
        program.run("replicate", "start", "web01", "--wait").exits(0);
        assertThat(program.run("vm", "remove", "web01", "--dry-run").exits(0).out())
                .contains("Would forget VM 'web01'", target.toString());
        program.run("vm", "show", "web01").exits(0);
        program.run("vm", "remove", "web01").exits(0);
        program.run("vm", "show", "web01").exits(4);
        assertThat(target).hasSize(IMAGE_BYTES);
    }

    @Test
    void saysWhatIsWrongWithWordsAndThings() throws Exception {
        assertThat(program.run("replicate", "start", "nobody", "--wait")
                        .exits(4)
                        .err())
                .contains("there is no VM 'nobody'");
        assertThat(program.run("replicate", "show", "job-x").exits(4).err()).contains("job-x");
        assertThat(program.run(
                                "copy",
                                folder.resolve("missing.raw").toString(),
                                folder.resolve("t.raw").toString())
                        .err())
                .contains("missing.raw");
        Path image = image("same.raw");
        assertThat(program.run("copy", image.toString(), image.toString())
                        .exits(2)
                        .err())
                .contains("the same");
        assertThat(program.run("copy", "nbd://", image.toString()).exits(2).err())
                .contains("is no NBD URI");
    }

    private Path image(String name) throws IOException {
        byte[] bytes = new byte[IMAGE_BYTES];
        Random random = new Random(11);
        byte[] block = new byte[64 << 10];
        for (int at = 0; at + block.length <= bytes.length; at += 2 * block.length) {
            random.nextBytes(block);
            System.arraycopy(block, 0, bytes, at, block.length);
        }
        return Files.write(folder.resolve(name), bytes);
    }

    private void awaitStatus(String jobId, String status) throws Exception {
        List<String> seen = new ArrayList<>();
        long endNanos = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (System.nanoTime() < endNanos && !seen.contains(status)) {
            seen.add(program.run("job", "show", jobId, "--json")
                    .exits(0)
                    .json()
                    .get("status")
                    .asString());
        }
        assertThat(seen).contains(status);
    }
}
