package io.migratekit.job.operation;

import io.migratekit.job.JobsApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A replication of a vCenter's machine in a process of its own, which dies without warning at a chunk. */
final class VCenterInChild {
    static final int DEAD = 137;

    private VCenterInChild() {}

    /** Replicates; arguments: home, database URL, setting of the lab, machine, chunk to die at. */
    public static void main(String[] arguments) throws InterruptedException {
        try (JobsApp app = JobsApp.start(
                Path.of(arguments[0]),
                arguments[1],
                VCenterWiring.class,
                arguments[2],
                "migratekit.chunk.bytes=1MB",
                "migratekit.copy.window=2MB")) {
            app.get(CuttingCopies.class)
                    .actAt(
                            Integer.parseInt(arguments[4]),
                            () -> Runtime.getRuntime().halt(DEAD));
            app.get(Replications.class)
                    .start(arguments[3], StartOptions.defaults())
                    .result();
        }
    }

    static Process start(Path home, String database, String lab, String machine, int chunk) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(List.of(
                        java.toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dh2.bindAddress=127.0.0.1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VCenterInChild.class.getName(),
                        home.toString(),
                        database,
                        lab,
                        machine,
                        Integer.toString(chunk)))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("child.log").toFile())
                .start();
    }
}
