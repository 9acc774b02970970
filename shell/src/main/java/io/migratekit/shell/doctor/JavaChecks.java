package io.migratekit.shell.doctor;

import io.migratekit.shell.screen.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The JVM, its memory and its limits. */
final class JavaChecks {
    /** The machine's free memory below which copying may swap: the JVM's own needs and its buffers. */
    private static final long FREE_BYTES_MIN = 768L << 20;

    /** Sockets and files of a VM with many disks and several ranges each, with room. */
    private static final long OPEN_FILES_MIN = 1024;

    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private JavaChecks() {}

    static List<Finding> look() {
        return List.of(java(), heap(), memory(), openFiles());
    }

    private static Finding java() {
        String found = System.getProperty("java.vm.name") + " " + System.getProperty("java.version");
        Path home = Path.of(System.getProperty("java.home"));
        return Files.isExecutable(home.resolve("bin/javac"))
                ? Finding.ok("java", found)
                : Finding.warning(
                        "java", found + " without compiler", "apt-get install openjdk-17-jdk-headless, to build");
    }

    private static Finding heap() {
        return Finding.ok("heap", Units.bytes(Runtime.getRuntime().maxMemory()) + " at most");
    }

    private static Finding memory() {
        long availableBytes = number(MEMORY, "MemAvailable:", 1) << 10;
        if (availableBytes <= 0) {
            return Finding.ok("memory", "unknown on this system");
        }
        String found = Units.bytes(availableBytes) + " available";
        return availableBytes >= FREE_BYTES_MIN
                ? Finding.ok("memory", found)
                : Finding.warning("memory", found, "end other programs or give the machine 1 GiB more");
    }

    private static Finding openFiles() {
        long most = number(LIMITS, "Max open files", 3);
        return most <= 0 || most >= OPEN_FILES_MIN
                ? Finding.ok("open files", most <= 0 ? "unlimited" : most + " at most")
                : Finding.warning("open files", most + " at most", "ulimit -n 4096");
    }

    /** Returns the word at {@code index} of the line that begins with {@code label}, 0 if there is none. */
    private static long number(Path file, String label, int index) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(label))
                    .map(line -> line.split("\\s+", -1))
                    .filter(words -> words.length > index && words[index].matches("\\d+"))
                    .mapToLong(words -> Long.parseLong(words[index]))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
