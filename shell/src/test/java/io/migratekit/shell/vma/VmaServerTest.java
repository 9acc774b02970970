package io.migratekit.shell.vma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.Vma;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.source.SourceException;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.web.AccessToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The API over HTTP, on a scripted site. One server for all tests. */
final class VmaServerTest {
    private static final String WEB = "/api/v1/vms/web01/";

    @TempDir
    static Path folder;

    private static final ScriptedSite SITE = new ScriptedSite();
    private static OneReplication replication;
    private static VmaServer.Served served;
    private static VmaServer server;
    private static ApiClient client;

    @BeforeAll
    static void listen() throws Exception {
        replication = new OneReplication();
        served = new VmaServer.Served(
                SITE, replication.progress(), () -> true, AccessToken.ofServer(folder.resolve("vma.token")));
        server = VmaServer.start(new Vma("127.0.0.1", 0, Optional.empty(), Duration.ofMinutes(5)), served);
        client = new ApiClient(
                server.endpoint(), Files.readString(folder.resolve("vma.token")).strip());
    }

    @BeforeEach
    void begin() {
        SITE.asked();
    }

    @AfterAll
    static void stopListening() {
        server.close();
        replication.close();
    }

    @Test
    void tellsAnybodyThatItIsWellAndNothingElse() throws Exception {
        ApiClient stranger = new ApiClient(server.endpoint(), "");
        JsonNode health = stranger.get("/api/v1/health").is(200).json();
        assertThat(health.path("status").asString()).isEqualTo("up");
        for (String path : List.of(
                WEB + "cbt-status",
                "/api/v1/progress/" + OneReplication.JOB,
                "/api/v1/health/",
                "/api/v1/health;x=" + WEB,
                "/")) {
            assertThat(stranger.get(path).is(401).json().path("kind").asString())
                    .as(path)
                    .isEqualTo("UNAUTHORIZED");
        }
        assertThat(stranger.get("/api/v1/vms/..%2f..%2fhealth/cbt-status").status())
                .isEqualTo(401);
        new ApiClient(server.endpoint(), "wrong").post("/api/v1/discover", "{}").is(401);
        assertThat(SITE.asked()).isEmpty();
    }

    @Test
    void discoversInTheWordsThatItsClientsKnow() throws Exception {
        JsonNode found = client.post("/api/v1/discover", "{\"vcenter\":\"lab\",\"filter\":\"web\",\"datacenter\":null}")
                .is(200)
                .json();
        assertThat(SITE.asked()).containsExactly("discover lab - - web");
        assertThat(found.at("/vcenter/host").asString()).isEqualTo("vc.example.com");
        assertThat(found.at("/total").asInt()).isEqualTo(1);
        JsonNode vm = found.at("/vms/0");
        assertThat(vm.path("name").asString()).isEqualTo("Büro/web 01");
        assertThat(vm.path("path").asString()).isEqualTo("/DC0/vm/prod/Büro%2fweb 01");
        assertThat(vm.path("folder").asString()).isEqualTo("/DC0/vm/prod");
        assertThat(vm.path("power_state").asString()).isEqualTo("poweredOn");
        assertThat(vm.path("guest_os").asString()).isEqualTo("linux");
        assertThat(vm.path("memory_mb").asLong()).isEqualTo(4096);
        assertThat(vm.path("vmx_version").asString()).isEqualTo("vmx-13");
        assertThat(vm.at("/disks/0/id").asString()).isEqualTo("disk-2000");
        assertThat(vm.at("/disks/0/provisioning_type").asString()).isEqualTo("thin");
        assertThat(vm.at("/networks/0/network_name").asString()).isEqualTo("VM Network");
        client.post("/api/v1/discover", "").is(200);
        assertThat(SITE.asked()).containsExactly("discover - - - -");
    }

    @Test
    void tellsGuestsApart() {
        assertThat(VmViews.guest("windows9Server64Guest")).isEqualTo("windows");
        assertThat(VmViews.guest("darwin17_64Guest")).isEqualTo("unknown");
        assertThat(VmViews.guest("other4xLinux64Guest")).isEqualTo("linux");
        assertThat(VmViews.guest("rhel8_64Guest")).isEqualTo("linux");
    }

    @Test
    void takesNoPasswordAndNoFieldThatItDoesNotKnow() throws Exception {
        String password = "never-seen-again";
        for (ApiClient.Answer answer : List.of(
                client.post("/api/v1/discover", "{\"vcenter\":\"lab\",\"password\":\"" + password + "\"}"),
                client.get(WEB + "cbt-status?password=" + password))) {
            assertThat(answer.is(400).body())
                    .contains("never sent", "vcenter add")
                    .doesNotContain(password);
        }
        assertThat(client.post(WEB + "power-off", "{\"timeout\":5}").is(400).body())
                .contains("no field 'timeout'", "timeout_seconds");
        assertThat(client.post(WEB + "power-off", "{\"timeout_seconds\":3601}")
                        .is(400)
                        .body())
                .contains("0 to 3600");
        client.post(WEB + "power-off", "{\"timeout_seconds\":1.5}").is(400);
        client.post(WEB + "power-off", "{\"timeout_seconds\":\"5\"}").is(400);
        client.post(WEB + "power-off", "[]").is(400);
        client.post(WEB + "power-off", "{").is(400);
        assertThat(SITE.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/DC0/vm/prod/Büro%2fweb 01",
                "a/b",
                "a%2fb",
                "50% off + more",
                "back\\slash",
                "semi;colon=x?&#",
                "..",
                "日本語 \uD83D\uDE00",
                "5029ff42-0000-1111-2222-333344445555"
            })
    void takesEveryNameAsOneEncodedSegment(String name) throws Exception {
        client.get("/api/v1/vms/" + ApiClient.segment(name) + "/power-state?vcenter=lab%202")
                .is(200);
        assertThat(SITE.asked()).containsExactly("power <%s> at lab 2".formatted(name));
    }

    @Test
    void explainsPathsThatAreNotEncoded() throws Exception {
        assertThat(client.get("/api/v1/vms/DC0/vm/web01/cbt-status").is(400).body())
                .contains("encoded as one segment");
        assertThat(client.get(WEB + "power-off").status()).isIn(400, 405);
        client.get("/api/v1/nothing").is(404);
        assertThat(SITE.asked()).isEmpty();
    }

    @Test
    void asksAndChangesTracking() throws Exception {
        JsonNode status = client.get(WEB + "cbt-status").is(200).json();
        assertThat(status.path("enabled").asBoolean(true)).isFalse();
        assertThat(status.path("possible").asBoolean(true)).isFalse();
        assertThat(status.at("/obstacles/0").asString()).contains("hardware version");
        assertThat(status.at("/disk_obstacles/0/disk_id").asString()).isEqualTo("disk-2000");
        assertThat(status.at("/disks/0/change_id").asString()).isEqualTo("52 de/118");
        JsonNode enabled =
                client.post(WEB + "enable-cbt", "{\"vcenter\":\"vc2\"}").is(200).json();
        assertThat(enabled.path("changed").asBoolean()).isTrue();
        assertThat(SITE.asked()).containsExactly("tracking <web01> at default", "enable <web01> at vc2");
    }

    @Test
    void switchesOffWithPatienceAndOn() throws Exception {
        JsonNode off = client.post(WEB + "power-off", "{}").is(200).json();
        assertThat(off.path("shutdown_method").asString()).isEqualTo("shut_down");
        assertThat(off.path("power_state").asString()).isEqualTo("poweredOff");
        client.post(WEB + "power-off?vcenter=vc2", "{\"timeout_seconds\":0}").is(200);
        assertThat(client.post(WEB + "power-on", "")
                        .is(200)
                        .json()
                        .path("changed")
                        .asBoolean(true))
                .isFalse();
        assertThat(client.get(WEB + "power-state")
                        .is(200)
                        .json()
                        .path("power_state")
                        .asString())
                .isEqualTo("suspended");
        assertThat(SITE.asked())
                .containsExactly(
                        "off after PT5M <web01> at default",
                        "off after PT0S <web01> at vc2",
                        "on <web01> at default",
                        "power <web01> at default");
    }

    @Test
    void tellsFailuresByWhoCanHelp() throws Exception {
        fails(404, "NO_SUCH_THING", new SourceException.NotFound("no machine 'web01'; alike are: '/DC0/vm/web02'"));
        fails(409, "NEEDS_DECISION", new CommandFailure(ExitCode.NEEDS_DECISION, "2 machines 'web01'"));
        fails(503, "UNAVAILABLE", new SourceException.Unavailable("vCenter does not answer"));
        fails(422, "REFUSED", new SourceException.Refused("the password is wrong"));
        fails(502, "UNTRUSTWORTHY", new SourceException.Untrustworthy("it is another vCenter"));
        fails(500, "FAILED", new IllegalStateException("nobody expected this"));
    }

    private static void fails(int status, String kind, Exception failure) throws Exception {
        SITE.failWith(failure);
        JsonNode problem = client.get(WEB + "cbt-status").is(status).json();
        assertThat(problem.path("kind").asString()).isEqualTo(kind);
        assertThat(problem.path("detail").asString()).contains(String.valueOf(failure.getMessage()));
    }

    @Test
    void saysThatItsPortIsTaken() {
        Vma taken = new Vma(
                "127.0.0.1",
                Integer.parseInt(server.endpoint().replaceAll(".*:", "")),
                Optional.empty(),
                Duration.ZERO);
        assertThatThrownBy(() -> VmaServer.start(taken, served))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.BUSY))
                .hasMessageContaining("migratekit.vma.port");
    }
}
