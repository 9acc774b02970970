package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.http.HttpVolumes;
import io.migratekit.volume.http.Visits;
import io.migratekit.volume.http.VolumesServer;
import io.migratekit.volume.web.AccessToken;
import io.migratekit.volume.web.RawHttp;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over HTTP, and what only HTTP has. One server for all tests; each gives it volumes of its own. */
final class HttpVolumesTest extends VolumesContract {
    @TempDir
    static Path folder;

    private static HttpTransport http;

    @BeforeAll
    static void listen() {
        http = new HttpTransport(folder);
    }

    @AfterAll
    static void stopListening() {
        http.close();
    }

    @Override
    Site site() {
        return new MemorySite();
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return http.reach(daemon);
    }

    @Test
    void saysWhichDaemonItIs() {
        assertThat(new HttpVolumes(http.endpoint(), http.token).identity()).isEqualTo(HttpTransport.IDENTITY);
        assertThat(http.visits.silentNanos()).isPositive();
    }

    @Test
    void letsNobodyInWithoutTheToken() throws IOException {
        AccessToken wrong = AccessToken.ofServer(folder.resolve("wrong"));
        HttpVolumes stranger = new HttpVolumes(http.endpoint(), wrong);
        assertThatThrownBy(stranger::volumes)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining("does not know the token in " + folder.resolve("wrong"))
                .hasMessageNotContaining(
                        Files.readString(folder.resolve("wrong")).strip());
        assertThat(get("/api/v1/volumes", "").statusCode()).isEqualTo(401);
        assertThat(get("/metrics", "Bearer nonsense").body()).contains("token").contains("\"status\":401");
        assertThat(get("/api/v1/../../health", "").statusCode()).isNotEqualTo(500);
        assertThat(get("/health;/api/v1/volumes", "").body()).doesNotContain("\"id\"");
    }

    @Test
    void keepsTheTokenFromOthers() throws IOException {
        Path file = folder.resolve("open");
        AccessToken.ofServer(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> AccessToken.ofClient(file)).hasMessageContaining("others may read the token file");
        assertThatThrownBy(() -> AccessToken.ofClient(folder.resolve("missing")))
                .hasMessageContaining("is missing here");
        assertThat(http.token.toString()).doesNotContain(secret());
    }

    @Test
    void tellsAnybodyWhetherItIsWellAndFiguresToItsUsers() throws IOException {
        create("a");
        HttpResponse<String> health = get("/health", "");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).contains("\"status\":\"up\"").doesNotContain("detail");
        assertThat(get("/metrics", "Bearer " + secret()).body())
                .contains("migratekit_volumes 12.0")
                .contains("migratekit_operations{status=\"completed\"} 3.0")
                .contains("migratekit_export_clients NaN")
                .contains("migratekit_heartbeat_age_seconds 0.25")
                .contains("migratekit_operation_seconds_count{type=\"create\"} 3")
                .contains("migratekit_operation_seconds_sum{type=\"create\"} 1.5")
                .contains("migratekit_backend_free_bytes{backend=\"memory\"} 4096.0")
                .contains("migratekit_backend_volume_bytes{backend=\"memory\"} 8192.0")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void explainsRequestsThatMakeNoSense() throws IOException {
        String bearer = "Bearer " + secret();
        assertThat(get("/api/v1/volumes/no-uuid", bearer).body())
                .contains("'no-uuid' is no volume id")
                .contains("\"status\":400");
        assertThat(get("/api/v1/nothing", bearer).statusCode()).isEqualTo(404);
        assertThat(get("/api/v1/operations?max=0", bearer).body()).contains("1 to 10000 can be listed");
    }

    @Test
    void tellsADaemonThatIsNotThereFromAnotherProgram() {
        VolumesServer gone = http.another(new Visits(), 0);
        String there = "http://127.0.0.1:" + gone.port();
        gone.close();
        assertThatThrownBy(() -> new HttpVolumes(there, http.token).volumes())
                .isInstanceOfSatisfying(VolumeException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                    assertThat(HttpVolumes.lostContact(e)).isTrue();
                })
                .hasMessageContaining(there);
        assertThatThrownBy(() -> new HttpVolumes(http.endpoint() + "/else", http.token).volumes())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> http.another(new Visits(), http.port()))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY))
                .hasMessageContaining("is taken by another program");
    }

    @Test
    void saysThatTheDatabaseIsAway() {
        VolumeId id = create("a");
        database.sql().sql("SHUTDOWN").update();
        assertThatThrownBy(() -> volumes.submit("key", new VolumeRequest.Delete(id)))
                .isInstanceOfSatisfying(VolumeException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
                    assertThat(HttpVolumes.lostContact(e)).isFalse();
                })
                .hasMessageContaining("database does not answer");
    }

    private static String secret() throws IOException {
        return Files.readString(folder.resolve("token")).strip();
    }

    private static HttpResponse<String> get(String path, String authorization) throws IOException {
        return new RawHttp(http.endpoint()).get(path, authorization);
    }
}
