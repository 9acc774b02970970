package io.migratekit.shell.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs that we build with, or that tests and benchmarks hold us against. */
final class Tools {
    private record Tool(String program, String debianPackage, String purpose) {}

    private static final List<Tool> TOOLS = List.of(
            new Tool("mvn", "maven", "to build"),
            new Tool("nbdkit", "nbdkit", "a server to try with"),
            new Tool("nbdcopy", "libnbd-bin", "to compare with"),
            new Tool("nbdinfo", "libnbd-bin", "to look at exports"),
            new Tool("qemu-img", "qemu-utils", "to look at images"),
            new Tool("qemu-nbd", "qemu-utils", "dirty bitmaps"),
            new Tool("qemu-storage-daemon", "qemu-system-common", "dirty bitmaps"),
            new Tool("nbd-server", "nbd-server", "tests"),
            new Tool("fio", "fio", "tests"),
            new Tool("mariadbd", "mariadb-server", "tests"),
            new Tool("tmux", "tmux", "tests of the console"));

    private Tools() {}

    static List<Finding> look() {
        return look(System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin:/usr/lib/qemu");
    }

    /** @param path folders as PATH names them */
    static List<Finding> look(String path) {
        return TOOLS.stream().parallel().map(tool -> look(tool, path)).toList();
    }

    private static Finding look(Tool tool, String searched) {
        Optional<Path> path = find(tool.program(), searched);
        if (path.isEmpty()) {
            return Finding.optional(
                    tool.program(), "missing (" + tool.purpose() + ")", "apt-get install " + tool.debianPackage());
        }
        return Finding.ok(tool.program(), version(path.get(), tool.program().equals("tmux") ? "-V" : "--version"));
    }

    private static Optional<Path> find(String program, String path) {
        for (String folder : path.split(":", -1)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static String version(Path program, String option) {
        try {
            Process process = new ProcessBuilder(program.toString(), option)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "does not answer";
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.replaceAll("\033\\[[0-9;]*m", "")
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "does not start: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }
}
