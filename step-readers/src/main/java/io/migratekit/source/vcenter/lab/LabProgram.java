package io.migratekit.source.vcenter.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The built program of the lab, and what goes with it.
 *
 * @param file the program
 * @param disks a script that nbdkit's sh plugin runs: it serves the lab's disks by the parameters of the vddk plugin
 */
public record LabProgram(Path file, Path disks) {
    /**
     * Builds the program from its Go sources, which takes half a minute, unless the folder has one of the very same
     * sources. Several processes may do so at once: one builds, the others wait for it.
     *
     * @param checkout the folder that holds {@code step-readers}
     * @param folder where to keep the program; made if missing
     * @throws IOException if Go or its packages are missing, with how to install them, or if the build fails
     */
    public static LabProgram build(Path checkout, Path folder) throws IOException, InterruptedException {
        Path sources = checkout.toAbsolutePath().resolve("step-readers/src/lab");
        Path script = sources.resolve("go/build.sh");
        if (!Files.isRegularFile(script)) {
            throw new IOException(
                    "'%s' is missing; the lab vCenter is built from a checkout of the sources".formatted(script));
        }
        Files.createDirectories(folder);
        Path messages = Files.createTempFile(folder, "build-", ".log");
        try {
            Process build = new ProcessBuilder("sh", script.toString(), folder.toString())
                    .redirectError(messages.toFile())
                    .start();
            build.getOutputStream().close();
            String answer = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (build.waitFor() != 0) {
                throw new IOException(Files.readString(messages).strip());
            }
            return new LabProgram(Path.of(answer), sources.resolve("nbdkit/lab-disks.sh"));
        } finally {
            Files.delete(messages);
        }
    }
}
