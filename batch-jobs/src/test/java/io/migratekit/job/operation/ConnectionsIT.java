package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobsApp;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over how many connections a copy moves its data, as its peers have noted. */
@NeedsPeer("nbdkit")
final class ConnectionsIT {
    private static final int RANGES = 3;
    private static final Pattern DATA = Pattern.compile("connection=(\\d+) (?:Read|Write) ");

    @TempDir
    private Path folder;

    @Test
    void severalOnlyWhereBothPeersAllowSeveral() throws Exception {
        try (JobsApp app = JobsApp.start(
                folder,
                JobsApp.memoryDatabase(),
                Object.class,
                "migratekit.chunk.bytes=4MB",
                "migratekit.copy.partitions-per-disk=" + RANGES)) {
            copy(app, "plugin", "plugin", RANGES);
            copy(app, "disable", "plugin", 1);
            copy(app, "plugin", "disable", 1);
        }
    }

    private void copy(JobsApp app, String sourceMode, String targetMode, int connections) throws Exception {
        Path sourceLog = Files.createTempFile(folder, "source", ".log");
        Path targetLog = Files.createTempFile(folder, "target", ".log");
        try (Peer source = peer("pattern", sourceMode, sourceLog);
                Peer target = peer("memory", targetMode, targetLog)) {
            String status = app.get(OneOffCopies.class)
                    .start(source.uri("").toString(), target.uri("").toString(), StartOptions.defaults())
                    .result()
                    .status();
            assertThat(status).isEqualTo("completed");
        }
        assertThat(carrying(sourceLog))
                .as("at the source, %s/%s", sourceMode, targetMode)
                .isEqualTo(connections);
        assertThat(carrying(targetLog))
                .as("at the target, %s/%s", sourceMode, targetMode)
                .isEqualTo(connections);
    }

    private Peer peer(String plugin, String mode, Path log) {
        return Peer.nbdkit(
                folder,
                "--filter=log",
                "--filter=multi-conn",
                plugin,
                "48M",
                "multi-conn-mode=" + mode,
                "logfile=" + log);
    }

    /** Counts the connections over which data came: those that only ask for the size leave late by the peer's notes. */
    private static long carrying(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(DATA::matcher)
                .filter(Matcher::find)
                .map(note -> note.group(1))
                .distinct()
                .count();
    }
}
