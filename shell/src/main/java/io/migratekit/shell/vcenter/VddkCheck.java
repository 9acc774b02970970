package io.migratekit.shell.vcenter;

import io.migratekit.config.Vddk;
import io.migratekit.shell.doctor.Finding;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Whether nbdkit can load what reads disks. */
final class VddkCheck {
    private static final String WHAT = "VDDK";
    private static final int SECONDS_MAX = 20;

    private VddkCheck() {}

    static Finding look(Vddk vddk) {
        if (!Files.isExecutable(vddk.nbdkit())) {
            return Finding.error(
                    WHAT,
                    "no nbdkit at " + vddk.nbdkit(),
                    "install nbdkit with its vddk plugin, or set migratekit.vddk.nbdkit");
        }
        List<String> command = new ArrayList<>(List.of(vddk.nbdkit().toString(), "--dump-plugin", vddk.plugin()));
        vddk.library().ifPresent(folder -> command.add("libdir=" + folder));
        try {
            Process process = builder(command).start();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process)); // else it may block
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Finding.error(
                        WHAT,
                        "nbdkit does not answer within %d s".formatted(SECONDS_MAX),
                        "try: " + String.join(" ", command));
            }
            int exitCode = process.exitValue();
            return exitCode == 0 ? loaded(vddk, facts(output.join())) : refused(vddk, exitCode, output.join());
        } catch (IOException e) {
            return Finding.error(WHAT, "nbdkit does not start: " + e.getMessage(), "look at " + vddk.nbdkit());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.error(WHAT, "interrupted while nbdkit was asked", "try again");
        }
    }

    /** With nothing of our environment, which may hold keys. */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        Map<String, String> environment = builder.environment();
        String home = environment.getOrDefault("HOME", "/");
        environment.clear();
        environment.putAll(Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL", "C.UTF-8", "HOME", home));
        return builder;
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "its output cannot be read: " + e.getMessage();
        }
    }

    private static Finding refused(Vddk vddk, int exitCode, String output) {
        List<String> lines = output.lines().toList();
        return Finding.error(
                WHAT,
                "nbdkit's plugin '%s' cannot be used (exit code %d): %s"
                        .formatted(vddk.plugin(), exitCode, lines.isEmpty() ? "" : lines.get(lines.size() - 1)),
                "install nbdkit's vddk plugin, unpack VMware's VDDK, and set migratekit.vddk.library to its folder");
    }

    private static Finding loaded(Vddk vddk, Map<String, String> facts) {
        String version = "nbdkit's plugin '%s' %s".formatted(vddk.plugin(), facts.getOrDefault("version", ""));
        if (!vddk.plugin().equals("vddk")) {
            return Finding.ok(WHAT, version.strip());
        }
        String library = facts.get("vddk_dll");
        return library == null
                ? Finding.warning(
                        WHAT,
                        version + " is there, and names no VDDK that it found",
                        "unpack VMware's VDDK, and set migratekit.vddk.library to its folder (vmware-vix-disklib-distrib)")
                : Finding.ok(WHAT, "%s, VDDK %s".formatted(version, library));
    }

    private static Map<String, String> facts(String output) {
        Map<String, String> facts = new TreeMap<>();
        output.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                facts.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return facts;
    }
}
