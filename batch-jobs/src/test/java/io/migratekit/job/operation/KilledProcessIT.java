package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobsApp;
import io.migratekit.job.replication.ReplicationResult;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process, killed without warning at random moments of a copy, on the database file that people have. Both sides
 * are served by the test, which counts there what each life moves.
 */
@Timeout(1200)
final class KilledProcessIT {
    private static final long MIB = 1 << 20;
    private static final long DISK_BYTES = 256 * MIB;
    private static final int KILLS = Integer.getInteger("kills", 4);
    private static final int RANGES_MAX = 4;
    private static final long UNCOMMITTED_BYTES_MAX = RANGES_MAX * CopyInChild.CHUNK_BYTES;

    @TempDir
    private Path folder;

    @Test
    void aCopyThatIsKilledAgainAndAgainMovesOneChunkPerRangeAgainAndEndsTheSame() throws Exception {
        long seed = Long.getLong("seed", 20261123);
        SplittableRandom random = new SplittableRandom(seed);
        Path image = Images.random(folder.resolve("source.raw"), DISK_BYTES, 200 * MIB, seed);
        Path copied = Images.dirty(folder.resolve("target.raw"), DISK_BYTES);
        String database = "jdbc:h2:file:" + folder.resolve("db/migratekit")
                + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;WRITE_DELAY=0;AUTO_SERVER=TRUE";
        try (CountedDisk source = CountedDisk.serve(image, folder.resolve("s"));
                CountedDisk target = CountedDisk.serve(copied, folder.resolve("t"))) {
            long againBytes = 0;
            for (int kill = 1; kill <= KILLS; kill++) {
                long readAgain = source.againBytes();
                long writtenAgain = target.againBytes();
                liveAndDie(database, source, target, random.nextLong(DISK_BYTES / 2 / KILLS));
                againBytes = source.againBytes();
                assertThat(againBytes - readAgain)
                        .as("bytes read again in life %d, seed %d", kill, seed)
                        .isLessThanOrEqualTo(UNCOMMITTED_BYTES_MAX);
                assertThat(target.againBytes() - writtenAgain)
                        .as("bytes written again in life %d, seed %d", kill, seed)
                        .isLessThanOrEqualTo(UNCOMMITTED_BYTES_MAX);
            }
            try (JobsApp app = CopyInChild.app(folder, database)) {
                ReplicationResult result = app.get(OneOffCopies.class)
                        .start(source.uri(), target.uri(), StartOptions.defaults())
                        .result();
                assertThat(result.status()).isEqualTo("completed");
                assertThat(result.restarts()).isEqualTo(KILLS);
                assertThat(source.againBytes()).isPositive();
                assertThat(source.againBytes() - againBytes)
                        .as("bytes read again in the last life, seed %d", seed)
                        .isLessThanOrEqualTo(UNCOMMITTED_BYTES_MAX);
                assertThat(result.bytesRecopied())
                        .as("what the job says, and what its source has counted")
                        .isBetween(source.againBytes(), KILLS * UNCOMMITTED_BYTES_MAX);
                assertThat(app.get(Replications.class).recover()).isEmpty();
            }
        }
        assertThat(Images.mismatch(image, copied)).as("seed %d", seed).isEqualTo(-1);
    }

    /** Lets a process copy until it has read so much, and kills it before it gets the next byte. */
    private void liveAndDie(String database, CountedDisk source, CountedDisk target, long bytes) throws Exception {
        Process child = CopyInChild.start(folder, database, source.uri(), target.uri());
        source.alarmAfter(bytes, child::destroyForcibly);
        String said = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(child.waitFor())
                .as("exit code of a killed process; it said: %s", said)
                .isEqualTo(128 + 9);
        source.awaitSilence();
        target.awaitSilence();
    }
}
