package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobsApp;
import io.migratekit.job.replication.ReplicationResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process, killed without warning at random moments, on the database file that people have. */
final class KilledProcessIT {
    private static final long MIB = 1 << 20;
    private static final int KILLS = Integer.getInteger("kills", 6);

    @Test
    void aCopyThatIsKilledAgainAndAgainEndsByteForByteTheSame(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("seed", 20261123);
        SplittableRandom random = new SplittableRandom(seed);
        Path source = Images.random(folder.resolve("source.raw"), 256 * MIB, 200 * MIB, seed);
        Path target = Images.dirty(folder.resolve("target.raw"), 256 * MIB);
        String database = "jdbc:h2:file:" + folder.resolve("db/migratekit")
                + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;WRITE_DELAY=0;AUTO_SERVER=TRUE";

        for (int kill = 0; kill < KILLS; kill++) {
            Process child = CopyInChild.start(folder, database, source, target.toString());
            awaitReady(child);
            Thread.sleep(random.nextLong(1200));
            child.destroyForcibly().waitFor();
        }

        try (JobsApp app = JobsApp.start(folder, database, Object.class)) {
            ReplicationResult result = app.get(OneOffCopies.class)
                    .start(source.toString(), target.toString(), StartOptions.defaults())
                    .result();
            assertThat(result.status()).isEqualTo("completed");
            assertThat(app.get(Replications.class).recover()).isEmpty();
        }
        assertThat(Images.mismatch(source, target)).as("seed %d", seed).isEqualTo(-1);
    }

    private static void awaitReady(Process child) throws IOException {
        BufferedReader out = child.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.equals("READY")) {
                return;
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("the child ended before it was ready; it said: " + said);
    }
}
