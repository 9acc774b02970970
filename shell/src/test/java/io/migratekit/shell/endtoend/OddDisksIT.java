package io.migratekit.shell.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.program.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks and names that are unusual, and disks that are named twice. */
final class OddDisksIT {
    private static final String NAME = "Büro \"eins\" – it's 100 % 日本";

    @TempDir
    Path folder;

    @Test
    void oddSizesAndNamesWithBlanksAndQuotesAreCopied() throws Exception {
        Program program = new Program(folder);
        Path odd = Rig.image(folder.resolve("an odd 'disk' ä.raw"), 1_234_567, 5);
        Path oneByte = Rig.image(folder.resolve("one \"byte\".raw"), 1, 6);
        Path empty = Files.createFile(folder.resolve("empty = nothing.raw"));
        Path oddTarget = folder.resolve("target of odd.raw");
        Path oneTarget = folder.resolve("target of one.raw");
        Path emptyTarget = folder.resolve("target of empty.raw");
        program.run(
                        "vm",
                        "add",
                        NAME,
                        "--disk",
                        odd + "=" + oddTarget,
                        "--disk=" + oneByte + "=" + oneTarget,
                        "--disk",
                        empty + "=" + emptyTarget)
                .exits(0);
        var json = program.run("replicate", "start", NAME, "--wait", "--json")
                .exits(0)
                .json();
        assertThat(json.get("bytesTotal").asLong()).isEqualTo(1_234_568);
        assertThat(Files.mismatch(odd, oddTarget)).isEqualTo(-1);
        assertThat(Files.mismatch(oneByte, oneTarget)).isEqualTo(-1);
        assertThat(emptyTarget).isEmptyFile();
        assertThat(program.run("vm", "show", NAME).exits(0).out()).contains(NAME);
    }

    @Test
    void oneTargetUnderTwoNamesIsRefused() throws Exception {
        Program program = new Program(folder);
        Path one = Rig.image(folder.resolve("one.raw"), 65536, 7);
        Path two = Rig.image(folder.resolve("two.raw"), 65536, 8);
        Path target = Files.createFile(folder.resolve("target.raw"));
        Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic.raw"), target);
        Path hard = Files.createLink(folder.resolve("hard.raw"), target);
        String relative = "./../" + folder.getFileName() + "/target.raw";
        for (String other : new String[] {relative, symbolic.toString(), hard.toString()}) {
            assertThat(program.run("vm", "add", "x", "--disk", one + "=" + target, "--disk", two + "=" + other)
                            .exits(2)
                            .err())
                    .contains("two disks have the same target", "each disk needs its own");
        }
        program.run("vm", "add", "x", "--disk", one + "=" + target).exits(0);
        assertThat(program.run("copy", two + "", hard + "").exits(1).err())
                .contains("cannot be used", "it belongs to VM 'x'", "choose another target");
        assertThat(program.run("copy", target + "", hard + "").exits(2).err()).contains("are the same disk");
    }
}
