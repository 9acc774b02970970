package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.wire.Command;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ZeroPaceTest {
    private static final int DISK_BYTES = 48 << 20;

    @Test
    void growsWhileAnswersAreQuickAndKeepsFewRequestsUnderWay() {
        ZeroPace pace = new ZeroPace();
        long asked = 0;
        while (pace.hasRoom()) {
            pace.begun(pace.requestBytes());
            asked += pace.requestBytes();
        }
        assertThat(asked).isEqualTo(4 * ZeroPace.FIRST_BYTES);
        pace.answered(ZeroPace.FIRST_BYTES, TimeUnit.SECONDS.toNanos(3));
        assertThat(pace.requestBytes()).as("quick enough, not too slow").isEqualTo(ZeroPace.FIRST_BYTES);
        for (int i = 0; i < 10; i++) {
            pace.begun(pace.requestBytes());
            pace.answered(pace.requestBytes(), 1);
        }
        assertThat(pace.requestBytes()).isEqualTo(ZeroPace.LONGEST_BYTES);
        pace.begun(4096);
        pace.answered(4096, TimeUnit.SECONDS.toNanos(6));
        assertThat(pace.requestBytes()).isEqualTo(ZeroPace.LONGEST_BYTES / 2);
        pace.lost();
        assertThat(pace.requestBytes()).isEqualTo(ZeroPace.SMALLEST_BYTES);
        assertThat(pace.hasRoom()).isTrue();
    }

    @Test
    void beginsSmallAndSmallerAfterALoss(@TempDir Path folder) throws Exception {
        Extent zeros = new Extent(0, DISK_BYTES, Extent.Kind.ZERO);
        PlannedDisk plan = new PlannedDisk(new byte[DISK_BYTES], List.of(new ExtentRun(0, DISK_BYTES, List.of(zeros))));
        List<Long> asked = new CopyOnWriteArrayList<>();
        try (CopyRig rig = CopyRig.ontoNoise(folder, plan)) {
            rig.settings = CopySettings.defaults();
            rig.target.fault(request -> {
                if (request.command() == Command.WRITE_ZEROES) {
                    asked.add(request.lengthBytes());
                    if (asked.size() == 1) {
                        throw new FaultyServer.Crash();
                    }
                }
                return 0;
            });

            rig.copyAndCheck();
        }
        assertThat(asked.get(0)).isEqualTo(ZeroPace.FIRST_BYTES);
        assertThat(asked.get(1)).as("after the loss").isEqualTo(ZeroPace.SMALLEST_BYTES);
    }
}
