package io.migratekit.job.operation;

import io.migratekit.job.JobsApp;
import io.migratekit.job.replication.ReplicationResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A one-off copy in a process of its own, so that it can be killed. */
final class CopyInChild {
    /** What a range may have moved and not committed, its look-ahead included. */
    static final long CHUNK_BYTES = 4 << 20;

    private CopyInChild() {}

    /** Copies; arguments: home, database URL, source, target. Says the status at the end. */
    public static void main(String[] arguments) throws InterruptedException {
        try (JobsApp app = app(Path.of(arguments[0]), arguments[1])) {
            ReplicationResult result = app.get(OneOffCopies.class)
                    .start(arguments[2], arguments[3], StartOptions.defaults())
                    .result();
            System.out.println(
                    result.status() + " restarts " + result.restarts() + " recopied " + result.bytesRecopied());
        }
    }

    /** Starts the jobs with small chunks, as the child does. */
    static JobsApp app(Path home, String database) {
        return JobsApp.start(
                home, database, Object.class, "migratekit.chunk.bytes=" + CHUNK_BYTES, "migratekit.copy.window=2MB");
    }

    static Process start(Path home, String database, String source, String target) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(List.of(
                        java.toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dh2.bindAddress=127.0.0.1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CopyInChild.class.getName(),
                        home.toString(),
                        database,
                        source,
                        target))
                .redirectErrorStream(true)
                .start();
    }
}
