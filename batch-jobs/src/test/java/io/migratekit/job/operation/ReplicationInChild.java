package io.migratekit.job.operation;

import io.migratekit.job.JobsApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A replication in a process of its own, which dies at a change to its database. */
final class ReplicationInChild {
    static final int DEAD = 137;

    private ReplicationInChild() {}

    /** Replicates, or goes on with it; arguments: home, database URL, machine. */
    public static void main(String[] arguments) throws InterruptedException {
        try (JobsApp app = JobsApp.start(Path.of(arguments[0]), arguments[1], Object.class)) {
            LabFixture.start(app, arguments[2]).result();
        }
    }

    /** Starts it; it is to die at the {@code row}-th change of {@code table}. */
    static Process start(Path home, String database, String machine, String table, int row) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(List.of(
                        java.toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dh2.bindAddress=127.0.0.1",
                        "-D" + DeathTrigger.TABLE + "=" + table,
                        "-D" + DeathTrigger.ROW + "=" + row,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReplicationInChild.class.getName(),
                        home.toString(),
                        database,
                        machine))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("child.log").toFile())
                .start();
    }
}
