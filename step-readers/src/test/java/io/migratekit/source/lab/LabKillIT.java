package io.migratekit.source.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceProbe;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.TestImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabKillIT {
    private static final DiskKey ROOT = new DiskKey("2000");
    private static final int KILLS = 15;

    @TempDir
    Path folder;

    @Test
    void reportsEveryWriteOfProcessesThatWereKilled() throws Exception {
        long seed = Long.getLong("seed", RandomGenerator.getDefault().nextLong());
        Random random = new Random(seed);
        LabVm vm = Lab.open(folder).create("vm", 30, seed, 4 << 20);
        byte[] replica = new byte[4 << 20];
        Optional<ChangeId> base = Optional.empty();
        for (int kill = 0; kill < KILLS; kill++) {
            runAndKill(random.nextLong(), random.nextInt(150));
            try (SourceMachine machine = SourceProbe.machines().open("vm", Map.of(ROOT, vm.ref(ROOT)))) {
                SourceSnapshot snapshot = machine.takeSnapshot("job");
                SourceProbe.copy(snapshot, ROOT, SourceProbe.plan(snapshot, ROOT, base), replica);
                base = snapshot.changeId(ROOT);
                snapshot.remove();
            }
            assertThat(replica).as("seed %d, after kill %d", seed, kill).isEqualTo(TestImage.content(vm.image(ROOT)));
        }
    }

    private void runAndKill(long seed, long afterMillis) throws IOException, InterruptedException {
        Process guest = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        RestlessGuest.class.getName(),
                        folder.toString(),
                        Long.toString(seed))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader words = guest.inputReader()) {
            assertThat(words.readLine()).isEqualTo("running");
            Thread.sleep(afterMillis);
        } finally {
            guest.destroyForcibly().waitFor();
        }
    }
}
