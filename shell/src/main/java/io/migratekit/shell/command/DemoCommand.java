package io.migratekit.shell.command;

import io.migratekit.shell.demo.Demo;
import io.migratekit.shell.demo.VcenterDemo;
import io.migratekit.shell.home.Home;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code demo}. */
final class DemoCommand implements ShellCommand {
    /** Disks, their snapshot and their replicas, with room. */
    private static final long SPACE_BYTES = 4L << 30;

    private final Home home;

    DemoCommand(Home home) {
        this.home = home;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        "Try it",
                        "demo",
                        "Replicates a VM of a built-in hypervisor: full, incremental, killed, resumed, proven")
                .details("""
                        Takes about a minute and 4 GiB in a folder under MIGRATEKIT_HOME, which is removed in the end. Your own
                        VMs and jobs are not touched: the demonstration has a database of its own.

                        With --vcenter the VM is in a vCenter: govmomi's simulator, which is built at first (Go and its
                        packages are needed; what is missing is named with the command that installs it).""")
                .option(OptionSpec.flag("vcenter", "with a VM of a simulated vCenter, by change tracking and nbdkit"))
                .option(OptionSpec.flag("keep", "keep the folder with disks, replicas, database and log"))
                .example("demo")
                .example("demo --keep")
                .example("demo --vcenter")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        requireSpace();
        if (call.has("vcenter")) {
            requireLab();
        }
        Home.privateFolder(home.folder());
        Home own = new Home(Files.createTempDirectory(home.folder(), "demo-"));
        boolean failed = true;
        try {
            Map<String, @Nullable Object> figures = new LinkedHashMap<>(Map.of("status", "completed"));
            figures.putAll(
                    call.has("vcenter")
                            ? VcenterDemo.run(own, home.folder().resolve("lab-vcenter"), screen)
                            : Demo.run(own, screen));
            failed = false;
            return new Result(ExitCode.DONE, figures);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, e.getMessage() + "\nEverything is kept in " + own.folder(), e);
        } finally {
            if (call.has("keep") || (failed && !interrupt.came())) {
                screen.say("Kept: " + own.folder());
            } else {
                remove(own.folder());
            }
        }
    }

    private static void requireLab() {
        try {
            VcenterDemo.require();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private void requireSpace() throws IOException {
        long freeBytes = Files.getFileStore(home.folder()).getUsableSpace();
        if (freeBytes < SPACE_BYTES) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "the demonstration needs 4 GiB in %s, and %d MiB are free; free some, or set MIGRATEKIT_HOME"
                            .formatted(home.folder(), freeBytes >> 20));
        }
    }

    private static void remove(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
