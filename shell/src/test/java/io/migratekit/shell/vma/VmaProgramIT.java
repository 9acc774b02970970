package io.migratekit.shell.vma;

import static io.migratekit.shell.vma.ApiClient.segment;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.shell.program.Program;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabVCenter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The source side's API as it is installed, in front of a vCenter that speaks SOAP. */
@NeedsPeer("go")
@Timeout(300)
final class VmaProgramIT {
    private static final String PATH = "/DC0/vm/prod/Büro%2fweb 01";
    private static final String WEB = "/api/v1/vms/" + segment(PATH) + "/";
    private static final int CAPACITY = 1 << 20;
    private static final List<String> STRANGE = List.of("a/b", "100%2f sure", "雪 ❄", "50% + x?&;#");

    @TempDir
    Path folder;

    private LabVCenter lab;
    private LabMachine web;
    private Program program;
    private Process server;
    private Path output;
    private ApiClient client;

    @BeforeEach
    void start() throws Exception {
        lab = LabFixture.start(Files.createDirectory(folder.resolve("lab")), LabInventory.empty());
        web = lab.control().create(spec("Büro/web 01", "prod").running());
        lab.control().create(spec("twin", "one"));
        lab.control().create(spec("twin", "two"));
        for (String name : STRANGE) {
            lab.control().create(spec(name, "prod"));
        }
        program = new Program(folder).with("MIGRATEKIT_VMA_PORT", "0");
        Path password = Files.createFile(
                folder.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, lab.login().password() + "\n");
        program.run(
                        "vcenter",
                        "add",
                        "lab",
                        address(),
                        "--user",
                        lab.login().user(),
                        "--password-file",
                        password.toString(),
                        "--thumbprint",
                        lab.login().sha256Thumbprint())
                .exits(0);
        output = folder.resolve("vma.txt");
        server = program.start(output, "vma", "--json");
        String endpoint = endpoint();
        client = new ApiClient(
                endpoint, Files.readString(program.home().resolve("vma.token")).strip());
    }

    private static LabMachineSpec spec(String name, String place) {
        return LabMachineSpec.named(name).folder(place).disk(CAPACITY).nic("vmxnet3", "DC0_DVPG0");
    }

    private String address() {
        return lab.login().url().getHost() + ":" + lab.login().url().getPort();
    }

    private String endpoint() throws Exception {
        String text = "";
        while (!text.contains("\n")) {
            assertThat(server.isAlive()).as(text).isTrue();
            Thread.sleep(50);
            text = Files.readString(output);
        }
        return JsonMapper.shared()
                .readTree(text.lines().findFirst().orElseThrow())
                .path("endpoint")
                .asString();
    }

    @AfterEach
    void stop() throws Exception {
        server.destroyForcibly();
        lab.close();
    }

    @Test
    void looksAtVmsAndSwitchesThemUntilItIsEnded() throws Exception {
        strangersLearnThatItIsWell();
        discovers();
        findsStrangeNames();
        tracks();
        switches();
        namesWhatItCannotFind();
        assertThat(lab.control().calls("Login"))
                .as("one session for all requests")
                .isOne();
        theVcenterGoes();
        server.destroy();
        assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isZero();
        assertThat(Files.readString(output))
                .contains("\"status\":\"stopped\"")
                .doesNotContain(lab.login().password());
        assertThat(Files.readString(program.home().resolve("logs/migratekit.log")))
                .contains("power-off of VM 'Büro/web 01'")
                .doesNotContain(lab.login().password());
    }

    private void strangersLearnThatItIsWell() throws Exception {
        ApiClient stranger = new ApiClient(endpoint(), "0123456789abcdef0123456789abcdef");
        assertThat(stranger.get("/api/v1/health").is(200).json().path("status").asString())
                .isEqualTo("up");
        stranger.get(WEB + "power-state").is(401);
        stranger.post(WEB + "power-off", "{}").is(401);
    }

    private void discovers() throws Exception {
        JsonNode found = client.post("/api/v1/discover", "{}").is(200).json();
        assertThat(found.path("total").asInt()).isEqualTo(3 + STRANGE.size());
        assertThat(found.at("/vcenter/instance_uuid").asString()).isEqualTo(lab.instanceUuid());
        JsonNode one = client.post(
                        "/api/v1/discover",
                        "{\"vcenter\":\"%s\",\"username\":\"%s\",\"datacenter\":\"DC0\",\"filter\":\"BÜRO\"}"
                                .formatted(address(), lab.login().user()))
                .is(200)
                .json();
        assertThat(one.path("total").asInt()).isEqualTo(1);
        assertThat(one.at("/vms/0/id").asString()).isEqualTo(web.instanceUuid());
        assertThat(one.at("/vms/0/path").asString()).isEqualTo(PATH);
        assertThat(one.at("/vms/0/disks/0/capacity_bytes").asLong()).isEqualTo(CAPACITY);
        assertThat(one.at("/vms/0/networks/0/network_name").asString()).isEqualTo("DC0_DVPG0");
        assertThat(client.post("/api/v1/discover", "{\"vcenter\":\"vc9\"}")
                        .is(404)
                        .body())
                .contains("no vCenter 'vc9'", "lab");
    }

    private void findsStrangeNames() throws Exception {
        for (String name : STRANGE) {
            JsonNode vm = client.post("/api/v1/discover", "{\"filter\":\"%s\"}".formatted(name))
                    .is(200)
                    .json()
                    .at("/vms/0");
            assertThat(vm.path("name").asString()).isEqualTo(name);
            for (String words : List.of(name, vm.path("path").asString())) {
                assertThat(client.get("/api/v1/vms/" + segment(words) + "/cbt-status")
                                .is(200)
                                .json()
                                .path("vm_name")
                                .asString())
                        .as(words)
                        .isEqualTo(name);
            }
        }
    }

    private void tracks() throws Exception {
        assertThat(enabled()).isFalse();
        assertThat(client.post(WEB + "enable-cbt", "{}")
                        .is(200)
                        .json()
                        .path("changed")
                        .asBoolean())
                .isTrue();
        assertThat(enabled()).isTrue();
        String byName = "/api/v1/vms/" + segment("Büro/web 01") + "/";
        assertThat(client.post(byName + "enable-cbt?vcenter=lab", "")
                        .is(200)
                        .json()
                        .path("changed")
                        .asBoolean(true))
                .isFalse();
        String byUuid = "/api/v1/vms/" + web.instanceUuid() + "/cbt-status";
        assertThat(client.get(byUuid).is(200).json().at("/disks/0/id").asString())
                .isEqualTo("disk-" + web.disks().get(0));
    }

    private boolean enabled() throws Exception {
        return client.get(WEB + "cbt-status").is(200).json().path("enabled").asBoolean();
    }

    private void switches() throws Exception {
        assertThat(power()).isEqualTo("poweredOn");
        assertThat(switchedOff("{}")).isEqualTo("shut_down");
        assertThat(power()).isEqualTo("poweredOff");
        assertThat(switchedOff("{}")).isEqualTo("was_off");
        assertThat(client.post(WEB + "power-on", "{}")
                        .is(200)
                        .json()
                        .path("changed")
                        .asBoolean())
                .isTrue();
        web.ignoreShutdown(true);
        assertThat(switchedOff("{\"timeout_seconds\":1}")).isEqualTo("cut");
        assertThat(power()).isEqualTo("poweredOff");
    }

    private String power() throws Exception {
        return client.get(WEB + "power-state")
                .is(200)
                .json()
                .path("power_state")
                .asString();
    }

    private String switchedOff(String body) throws Exception {
        return client.post(WEB + "power-off", body)
                .is(200)
                .json()
                .path("shutdown_method")
                .asString();
    }

    private void namesWhatItCannotFind() throws Exception {
        assertThat(client.get("/api/v1/vms/web/cbt-status").is(404).body()).contains("alike are: '" + PATH);
        JsonNode twins =
                client.get("/api/v1/vms/twin/cbt-status").is(409).json().path("candidates");
        assertThat(twins).hasSize(2);
        assertThat(twins.at("/0/path").asString()).isEqualTo("/DC0/vm/one/twin");
        assertThat(twins.at("/1/path").asString()).isEqualTo("/DC0/vm/two/twin");
        assertThat(client.get("/api/v1/vms/%s/cbt-status"
                                .formatted(twins.at("/1/id").asString()))
                        .is(200)
                        .json()
                        .path("vm_name")
                        .asString())
                .isEqualTo("twin");
        assertThat(client.get("/api/v1/progress/job-1").is(404).body()).contains("no replication 'job-1'");
    }

    private void theVcenterGoes() throws Exception {
        lab.close();
        assertThat(client.get(WEB + "power-state").is(503).json().path("kind").asString())
                .isEqualTo("UNAVAILABLE");
    }
}
