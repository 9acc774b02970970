package io.migratekit.volume.daemon;

import static io.migratekit.volume.daemon.RunningDaemonTest.connect;
import static io.migratekit.volume.daemon.RunningDaemonTest.perform;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.ServerTrust;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.tls.SelfSigned;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.cloudstack.ScriptedCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A daemon's process is killed while its cloud works for it. */
@Timeout(120)
final class CloudDaemonIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    @Test
    void theNextProcessWaitsForTheJobThatTheKilledOneBegan() throws Exception {
        Path certificates = Files.createDirectories(home.resolve("certificates"));
        SelfSigned.folder(certificates);
        try (ScriptedCloud cloud = ScriptedCloud.behindTls(home.resolve("cloud"), certificates);
                DaemonRoom room =
                        DaemonRoom.openForProcesses(home, DaemonProgram.cloudSettings(cloud.deviceFolder()))) {
            configure(room, cloud, certificates);
            Volumes volumes = room.client(
                    Optional.of(() -> new DaemonLauncher.Launch(ProcessHandle.current(), home.resolve("log"))),
                    PATIENCE);
            OperationId id = killedWhileTheCloudWorks(volumes, cloud);
            Process second = DaemonProgram.start(home, cloud.deviceFolder().toString());
            try {
                awaitLooks(cloud);
                assertThat(volumes.operation(id).status()).isEqualTo(OperationStatus.EXECUTING);
                cloud.holdJobs(false);
                Operation ended = volumes.await(id, PATIENCE);
                assertThat(ended.error()).isEmpty();
                assertThat(ended.status()).isEqualTo(OperationStatus.COMPLETED);
                assertThat(cloud.asked("attachVolume")).isEqualTo(1);
                assertThat(volumes.reconcile(false)).isEmpty();
                connectOnce(volumes, ended.volume());
            } finally {
                second.destroyForcibly().waitFor();
            }
        }
    }

    private static void configure(DaemonRoom room, ScriptedCloud cloud, Path certificates) {
        try (AnnotationConfigApplicationContext program = room.wired()) {
            program.getBean(OsseaConfigs.class)
                    .add(
                            "main",
                            cloud.endpoint(),
                            cloud.place(),
                            ServerTrust.inAuthority(certificates.resolve("server-cert.pem")),
                            cloud.keys());
        }
    }

    private OperationId killedWhileTheCloudWorks(Volumes volumes, ScriptedCloud cloud) throws Exception {
        Process first = DaemonProgram.start(home, cloud.deviceFolder().toString());
        try {
            VolumeId volume = perform(volumes, new VolumeRequest.Create("web01-1", 1 << 30, Optional.empty()))
                    .volume();
            cloud.holdJobs(true);
            OperationId id = volumes.submit("cut", new VolumeRequest.Attach(volume, VolumeRequest.APPLIANCE, false))
                    .id();
            awaitLooks(cloud);
            return id;
        } finally {
            first.destroyForcibly().waitFor();
        }
    }

    /** Waits until the job, whose id is known by then, is looked at again and again. */
    private static void awaitLooks(ScriptedCloud cloud) throws InterruptedException {
        long before = cloud.asked("queryAsyncJobResult");
        while (cloud.asked("queryAsyncJobResult") < before + 3) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static void connectOnce(Volumes volumes, VolumeId id) throws IOException {
        try (NbdClient client = connect(
                perform(volumes, new VolumeRequest.Export(id, false)).export().orElseThrow())) {
            assertThat(client.export().sizeBytes()).isEqualTo(1 << 30);
        }
    }
}
