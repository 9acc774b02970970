package io.migratekit.source.nbdexport;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceProbe;
import io.migratekit.source.SourceRef;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the plan of a large disk costs in memory: it runs in a process whose heap would not hold its extents. */
@Timeout(240)
final class LargePlanIT {
    private static final DiskKey ROOT = new DiskKey("0");
    private static final long CAPACITY_BYTES = 16L << 40;

    @TempDir
    private Path folder;

    @Test
    void aMillionExtentsOfSixteenTebibytesNeedLittleHeap() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LargePlanIT.class.getName(),
                        folder.resolve("s").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said).endsWith("data %d in 4 ranges%n".formatted(CAPACITY_BYTES / 16));
        assertThat(child.waitFor()).isZero();
    }

    /** Serves such a disk and plans it; argument: socket. Says how much data it found. */
    public static void main(String[] arguments) throws IOException {
        try (NbdServer server = NbdServer.listen(new NbdUri.Unix(Path.of(arguments[0])), ServerOptions.defaults())) {
            server.add(
                    "huge", PatternDevice.striped(CAPACITY_BYTES, 1 << 20, 16 << 20), ExportOptions.readOnlyExport());
            SourceRef disk = new SourceRef(server.uri("huge").toString());
            try (SourceMachine machine = SourceProbe.machines().open("vm", Map.of(ROOT, disk))) {
                ChangeMap map = SourceProbe.plan(machine.takeSnapshot("job"), ROOT, Optional.empty());
                System.out.printf(
                        "data %d in %d ranges%n",
                        map.bytes(Extent.Kind.DATA, 0, CAPACITY_BYTES),
                        map.split(4).size());
            }
        }
    }
}
