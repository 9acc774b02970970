package io.migratekit.volume.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.client.NbdClient;
import io.migratekit.volume.Difference;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import io.migratekit.volume.web.RawHttp;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What monitoring sees of a running daemon over HTTP. */
@Timeout(60)
final class DaemonStatusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MIB = 1 << 20;

    @TempDir
    Path home;

    private DaemonRoom room;
    private RunningDaemon daemon;
    private Volumes volumes;

    @BeforeEach
    void start() {
        room = DaemonRoom.open(home, Map.of());
        daemon = room.start(Origin.ASKED_FOR);
        volumes = room.client(PATIENCE);
    }

    @AfterEach
    void end() {
        daemon.close();
        room.close();
    }

    @Test
    void aStrangerIsNoFaultAndALostPoolIs() throws Exception {
        VolumeId stranger = create("left by an older installation");
        forget(stranger);
        assertThat(volumes.reconcile(false)).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(Difference.Kind.VOLUME_UNKNOWN);
            assertThat(difference.which()).isEqualTo(stranger.text());
        });
        HttpResponse<String> well = get("/health", "");
        assertThat(well.body()).contains("\"status\":\"up\"").doesNotContain("\"passed\":false");
        assertThat(well.statusCode()).isEqualTo(200);

        Files.move(home.resolve("volumes"), home.resolve("taken away"));
        HttpResponse<String> ill = healthOtherThan(200);
        assertThat(ill.statusCode()).isEqualTo(503);
        assertThat(ill.body())
                .contains("\"status\":\"down\"")
                .contains("{\"name\":\"back end local\",\"passed\":false")
                .doesNotContain(home.toString());
        assertThat(metric("migratekit_backend_free_bytes{backend=\"local\"}"))
                .as("what cannot be measured")
                .isNaN();
    }

    @Test
    void anExportThatIsLostIsAFaultUntilItIsServedAgain() throws Exception {
        VolumeExport export = RunningDaemonTest.exported(volumes, "web01-1");
        assertThat(get("/health", "").statusCode()).isEqualTo(200);
        // As after the loss of an engine: the ledger says that it is served, and nobody does. It cannot be served again
        // while its volume is not there.
        Path volume = home.resolve("volumes").resolve(export.name().volume().text());
        Files.move(volume, home.resolve("taken away"));
        int served = room.sql()
                .sql("UPDATE nbd_exports SET export_name = ?, epoch = epoch + 1")
                .param(new ExportName(export.name().volume(), 2).toString())
                .update();
        assertThat(served).isEqualTo(1);
        HttpResponse<String> ill = healthOtherThan(200);
        assertThat(ill.statusCode()).isEqualTo(503);
        assertThat(ill.body()).contains("{\"name\":\"exports\",\"passed\":false");
        Files.move(home.resolve("taken away"), volume);
    }

    @Test
    void tellsFiguresThatAreTrue() throws Exception {
        assertThat(metric("migratekit_exports")).isZero();
        VolumeExport export = RunningDaemonTest.exported(volumes, "web01-1");
        create("web01-2");
        try (NbdClient client = RunningDaemonTest.connect(export)) {
            client.flush();
            assertThat(metric("migratekit_export_clients")).isEqualTo(1);
        }
        assertThat(metric("migratekit_volumes")).isEqualTo(2);
        assertThat(metric("migratekit_exports")).isEqualTo(1);
        assertThat(metric("migratekit_operations{status=\"completed\"}")).isEqualTo(4);
        assertThat(metric("migratekit_operations{status=\"failed\"}")).isZero();
        assertThat(metric("migratekit_operations_queued")).isZero();
        assertThat(metric("migratekit_operation_seconds_count{type=\"create\"}"))
                .isEqualTo(2);
        assertThat(metric("migratekit_operation_seconds_sum{type=\"create\"}")).isPositive();
        assertThat(metric("migratekit_operation_seconds_count{type=\"export\"}"))
                .isEqualTo(1);
        assertThat(metric("migratekit_backend_volume_bytes{backend=\"local\"}")).isEqualTo(2 * MIB);
        double totalBytes = Files.getFileStore(home).getTotalSpace();
        assertThat(metric("migratekit_backend_free_bytes{backend=\"local\"}"))
                .isPositive()
                .isLessThanOrEqualTo(totalBytes);
        assertThat(metric("migratekit_heartbeat_age_seconds")).isBetween(0.0, 5.0);
        RunningDaemonTest.perform(
                volumes, new VolumeRequest.Unexport(export.name().volume()));
        assertThat(metric("migratekit_exports")).isZero();
    }

    private VolumeId create(String name) {
        return RunningDaemonTest.perform(volumes, new VolumeRequest.Create(name, MIB, Optional.empty()))
                .volume();
    }

    /** Leaves a volume in the pool that the ledger does not know. */
    private void forget(VolumeId id) {
        room.sql()
                .sql("DELETE FROM volume_operation_volumes WHERE volume_id = ?")
                .param(id.text())
                .update();
        assertThat(room.sql()
                        .sql("DELETE FROM ossea_volumes WHERE volume_id = ?")
                        .param(id.text())
                        .update())
                .isEqualTo(1);
    }

    /** Looks until the daemon does: it does not reach out for every question. */
    private HttpResponse<String> healthOtherThan(int status) throws Exception {
        HttpResponse<String> seen = get("/health", "");
        while (seen.statusCode() == status) {
            TimeUnit.MILLISECONDS.sleep(50);
            seen = get("/health", "");
        }
        return seen;
    }

    private double metric(String name) throws Exception {
        return get("/metrics", RawHttp.bearer(home.resolve("volume-daemon.token")))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private HttpResponse<String> get(String path, String authorization) throws IOException {
        return new RawHttp(daemon.endpoint()).get(path, authorization);
    }
}
