package io.migratekit.volume.daemon;

import static io.migratekit.volume.daemon.RunningDaemonTest.connect;
import static io.migratekit.volume.daemon.RunningDaemonTest.perform;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.vault.VaultException;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.tls.SelfSigned;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.cloudstack.Fault;
import io.migratekit.volume.cloudstack.ScriptedCloud;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A daemon that finds its cloud in the database, and the keys to it in the vault. */
@Timeout(60)
final class CloudDaemonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long GIB = 1L << 30;

    @TempDir
    static Path certificates;

    @TempDir
    Path home;

    private ScriptedCloud cloud;
    private DaemonRoom room;
    private AnnotationConfigApplicationContext program;
    private Volumes volumes;

    @BeforeAll
    static void makeCertificates() throws Exception {
        SelfSigned.folder(certificates);
    }

    @BeforeEach
    void configure() throws Exception {
        cloud = ScriptedCloud.behindTls(home.resolve("cloud"), certificates);
        room = room("auto");
        program = room.wired();
        program.getBean(OsseaConfigs.class)
                .add(
                        "main",
                        cloud.endpoint(),
                        cloud.place(),
                        ServerTrust.inAuthority(certificates.resolve("server-cert.pem")),
                        cloud.keys());
        volumes = program.getBean(Volumes.class);
    }

    private DaemonRoom room(String backend) {
        Map<String, String> settings = new HashMap<>(DaemonProgram.cloudSettings(cloud.deviceFolder()));
        settings.put("backend", backend);
        return DaemonRoom.open(home, settings);
    }

    @AfterEach
    void close() {
        program.close();
        room.close();
        cloud.close();
    }

    @Test
    void makesAttachesServesAndDeletesAVolumeInTheActiveCloud() throws IOException {
        VolumeId id;
        VolumeExport export;
        try (RunningDaemon daemon = start(program)) {
            id = perform(volumes, new VolumeRequest.Create("web01-1", GIB - 512, Optional.of("ctx-1")))
                    .volume();
            perform(volumes, new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false));
            export = perform(volumes, new VolumeRequest.Export(id, false))
                    .export()
                    .orElseThrow();
            Volume volume = volumes.volume(id).orElseThrow();
            assertThat(volume.backend()).isEqualTo("ossea:main");
            assertThat(volume.sizeBytes()).isEqualTo(GIB);
            assertThat(volume.attachment().orElseThrow().mode()).isEqualTo(ExportMode.OMA);
            assertThat(volume.attachment().orElseThrow().devicePath())
                    .contains(cloud.deviceFolder()
                            .resolve("virtio-" + id.serial())
                            .toString());
            try (NbdClient client = connect(export)) {
                assertThat(client.export().sizeBytes()).isEqualTo(GIB);
                client.write(4096, ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
                client.flush();
            }
            assertThat(daemon.volumes().health().checks())
                    .anySatisfy(check -> assertThat(check.detail()).contains("zone 'zone one'"));
            assertThat(volumes.health().healthy()).isTrue();
        }
        try (RunningDaemon next = start(program)) {
            assertThat(next.volumes().exports()).containsExactly(export);
            ByteBuffer read = ByteBuffer.allocate(3);
            try (NbdClient client = connect(export)) {
                client.read(4096, read);
            }
            assertThat(read.array()).containsExactly(1, 2, 3);
            assertThat(volumes.reconcile(false)).isEmpty();
            perform(volumes, new VolumeRequest.Unexport(id));
            perform(volumes, new VolumeRequest.Detach(id));
            perform(volumes, new VolumeRequest.Delete(id));
        }
        assertThat(cloud.living()).isEmpty();
        assertThat(cloud.asked("createVolume")).isEqualTo(1);
    }

    @Test
    void reachesTheCloudsVolumesWhereNewOnesAreMadeLocally() {
        VolumeId inCloud;
        try (RunningDaemon daemon = start(program)) {
            inCloud = create(daemon.volumes(), "one");
        }
        try (DaemonRoom local = room("local");
                AnnotationConfigApplicationContext changed = local.wired();
                RunningDaemon daemon = start(changed)) {
            VolumeId here = create(daemon.volumes(), "two");
            assertThat(daemon.volumes().volume(here).orElseThrow().backend()).isEqualTo("local");
            perform(daemon.volumes(), new VolumeRequest.Delete(inCloud));
            assertThat(cloud.living()).isEmpty();
        }
    }

    @Test
    void startsOnlyWithTheKeysOfItsCloud() throws IOException {
        Path key = home.resolve("vault.key");
        Path elsewhere = Files.move(key, home.resolve("elsewhere"));
        assertThatThrownBy(() -> start(program))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("vault.key");
        Files.move(elsewhere, key);
        try (RunningDaemon daemon = start(program)) {
            assertThat(daemon.volumes().volumes()).isEmpty();
        }
    }

    @Test
    void letsNoKeyAndNoSignatureIntoAnyLogOrFailure() {
        StringBuilder seen = new StringBuilder();
        try (CapturedLog log = new CapturedLog();
                RunningDaemon daemon = start(program)) {
            VolumeId id = create(daemon.volumes(), "good");
            for (Fault fault : List.of(
                    new Fault.Echoed(401), new Fault.Echoed(530), new Fault.JobLies(), new Fault.JobStatus(9))) {
                cloud.fail("attachVolume", fault);
                Operation failed = daemon.volumes()
                        .await(
                                volumes.submit(fault.toString(), new VolumeRequest.Attach(id, "oma", false))
                                        .id(),
                                PATIENCE);
                assertThat(failed.status()).as("%s", fault).isEqualTo(OperationStatus.FAILED);
                seen.append(failed);
            }
            cloud.fail("attachVolume", new Fault.Html(500), new Fault.LostReply());
            perform(volumes, new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false));
            cloud.failAlways(new Fault.Echoed(401));
            seen.append(daemon.volumes().health()).append(volumes.health());
            cloud.heal();
            seen.append(log.text()).append(journal());
        }
        assertThat(seen.toString()).contains("attachVolume", "error 401", "error 530", "tried again");
        assertThat(cloud.signatures()).hasSizeGreaterThan(10);
        List<String> secrets = new ArrayList<>(cloud.signatures());
        secrets.add(cloud.keys().apiKey().reveal());
        secrets.add(cloud.keys().secretKey().reveal());
        for (String secret : secrets) {
            assertThat(seen.indexOf(secret))
                    .as("a secret in log, journal or answer")
                    .isNegative();
            assertThat(seen.indexOf(URLEncoder.encode(secret, StandardCharsets.UTF_8)))
                    .as("a secret, encoded, in log, journal or answer")
                    .isNegative();
        }
    }

    private List<Map<String, Object>> journal() {
        return room.sql()
                .sql("SELECT o.request, o.error, s.memory FROM volume_operations o"
                        + " JOIN volume_operation_steps s ON s.operation_id = o.id")
                .query()
                .listOfRows();
    }

    private static VolumeId create(Volumes volumes, String name) {
        return perform(volumes, new VolumeRequest.Create(name, 1 << 20, Optional.empty()))
                .volume();
    }

    private static RunningDaemon start(AnnotationConfigApplicationContext program) {
        return program.getBean(DaemonStart.class).start(Origin.ASKED_FOR);
    }
}
