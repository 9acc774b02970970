package io.migratekit.volume.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.tls.SelfSigned;
import io.migratekit.volume.Operation;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import io.migratekit.volume.daemon.RunningDaemon.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RunningDaemonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path home;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private DaemonRoom room;

    @BeforeEach
    void openRoom() {
        room = closed(DaemonRoom.open(home, Map.of()));
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void isFoundAndServesVolumes() throws IOException {
        RunningDaemon daemon = closed(room.start(Origin.ASKED_FOR));
        Volumes volumes = room.client(PATIENCE);
        VolumeExport export = exported(volumes, "web01-1");
        try (NbdClient client = connect(export)) {
            client.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            client.flush();
        }
        assertThat(volumes.exports()).containsExactly(export);
        assertThat(volumes.health().healthy()).isTrue();
        assertThat(daemon.volumes().volumes()).isEqualTo(volumes.volumes());
        assertThat(home.resolve("volume-daemon.token")).exists();
    }

    @Test
    void jobsReachItsExportsOverTls() throws Exception {
        Path pki = Files.createDirectories(home.resolve("certificates, ours"));
        SelfSigned.folder(pki);
        String folder = pki.toUri().getRawPath();
        DaemonRoom tls = closed(DaemonRoom.open(
                home,
                Map.of(
                        "listen",
                        "nbds://localhost:0/?tls-certificates=" + folder,
                        "client-certificates",
                        pki.toString())));
        closed(tls.start(Origin.ASKED_FOR));
        VolumeExport export = exported(tls.client(PATIENCE), "web01-1");
        NbdUri handedOut = NbdUri.parse(export.uri().orElseThrow());
        assertThat(handedOut.tls()).isTrue();
        try (NbdClient job = connect(export)) {
            job.write(4096, ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            job.flush();
        }
        ByteBuffer read = ByteBuffer.allocate(3);
        try (NbdClient job = connect(export)) {
            job.read(4096, read);
        }
        assertThat(read.array()).containsExactly(1, 2, 3);
        NbdUri bare = handedOut.without("tls-certificates");
        assertThatThrownBy(() -> NbdClient.connect(bare, ClientOptions.defaults()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void oneOfTwoRefusesAndTheOtherGoesOn() {
        RunningDaemon daemon = closed(room.start(Origin.ASKED_FOR));
        assertThatThrownBy(() -> room.start(Origin.AUTOMATIC))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY))
                .hasMessageContaining("process " + ProcessHandle.current().pid())
                .hasMessageContaining(daemon.endpoint());
        assertThat(room.client(PATIENCE).health().healthy()).isTrue();
        assertThat(daemon.end()).isNotDone();
    }

    @Test
    void itsExportsComeBackWithTheNextOneAtTheSamePlace() throws IOException {
        RunningDaemon first = room.start(Origin.ASKED_FOR);
        Volumes volumes = room.client(PATIENCE);
        VolumeExport export = exported(volumes, "web01-1");
        first.close();
        assertThatThrownBy(() -> connect(export)).isInstanceOf(IOException.class);
        closed(room.start(Origin.ASKED_FOR));
        assertThat(volumes.exports()).as("the client finds the next one").containsExactly(export);
        connect(export).close();
    }

    @Test
    void isStartedByTheFirstQuestionAndAgainAfterItsEnd() {
        Deque<RunningDaemon> started = new ArrayDeque<>();
        Volumes volumes = room.client(
                Optional.of(() -> {
                    started.push(closed(room.start(Origin.AUTOMATIC)));
                    return new DaemonLauncher.Launch(ProcessHandle.current(), home.resolve("log"));
                }),
                PATIENCE);
        assertThat(started).as("nobody has asked").isEmpty();
        assertThat(volumes.volumes()).isEmpty();
        assertThat(volumes.exports()).isEmpty();
        assertThat(started).hasSize(1);
        started.peek().close();
        exported(volumes, "web01-1");
        assertThat(started).hasSize(2);
    }

    @Test
    void saysWhyNoneCouldBeStarted() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path log = Files.writeString(
                home.resolve("volume-daemon.log"),
                "error: of yesterday\nstarting\nerror: the pool is read-only\nbye\n");
        Volumes volumes = room.client(Optional.of(() -> new DaemonLauncher.Launch(dead.toHandle(), log)), PATIENCE);
        assertThatThrownBy(volumes::volumes)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining("ended at once (the pool is read-only);")
                .hasMessageContaining("volume-daemon.log");
        assertThatThrownBy(() -> room.client(PATIENCE).volumes()).hasMessageContaining("'migratekit volume-daemon'");
    }

    @Test
    void aDeadOneIsNotThereAndASilentOneIsUnreachable() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        ProcessIdentity self = ProcessIdentity.current();
        String dying = self.room().orElseThrow() + "/dead";
        room.database(new ProcessIdentity(dying, self.host(), dead.pid(), 0))
                .lease(PATIENCE)
                .acquire(Optional.of("http://127.0.0.1:1"));
        assertThatThrownBy(() -> room.client(PATIENCE).volumes()).hasMessageContaining("none is running");
        Files.writeString(home.resolve("volume-daemon.token"), "x".repeat(64));
        Files.setPosixFilePermissions(
                home.resolve("volume-daemon.token"), PosixFilePermissions.fromString("rw-------"));
        room.database(ProcessIdentity.current()).lease(PATIENCE).acquire(Optional.of("http://127.0.0.1:1"));
        assertThatThrownBy(() -> room.client(Duration.ofMillis(200)).volumes())
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining("lives, but cannot be reached")
                .hasMessageContaining("http://127.0.0.1:1");
    }

    @Test
    void refusesAWrongTokenAndSaysWhichFileWouldBeRight() throws IOException {
        closed(room.start(Origin.ASKED_FOR));
        Path wrong = home.resolve("wrong");
        Files.copy(home.resolve("volume-daemon.token"), wrong, StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(wrong, "0".repeat(64));
        DaemonRoom elsewhere = closed(DaemonRoom.open(home, Map.of("token-file", wrong.toString())));
        assertThatThrownBy(() -> elsewhere.client(PATIENCE).volumes())
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining("does not know the token in " + wrong);
    }

    @Test
    void endsByItselfWhenNobodyNeedsIt() throws Exception {
        DaemonRoom impatient = closed(DaemonRoom.open(home, Map.of("idle", "1s")));
        RunningDaemon daemon = closed(impatient.start(Origin.AUTOMATIC));
        Volumes volumes = impatient.client(PATIENCE);
        VolumeExport export = exported(volumes, "web01-1");
        assertThatThrownBy(() -> daemon.end().get(2500, TimeUnit.MILLISECONDS))
                .as("an export is there")
                .isInstanceOf(TimeoutException.class);
        volumes.perform("end", new VolumeRequest.Unexport(export.name().volume()), PATIENCE);
        assertThat(daemon.end().get(20, TimeUnit.SECONDS)).isEqualTo(End.IDLE);
        daemon.close();
        assertThatThrownBy(() -> impatient.client(PATIENCE).volumes()).hasMessageContaining("none is running");
    }

    @Test
    void keepsItsLeaseWhileOthersHaveAllConnections() throws Exception {
        closed(room.start(Origin.ASKED_FOR));
        JdbcConnectionPool pool = (JdbcConnectionPool) room.source();
        long beganNanos = System.nanoTime();
        List<Connection> taken = new ArrayList<>();
        try {
            while (pool.getActiveConnections() < pool.getMaxConnections()) {
                taken.add(pool.getConnection());
            }
            long before = heartbeat(taken.get(0));
            while (heartbeat(taken.get(0)) == before) {
                assertThat(System.nanoTime() - beganNanos).isLessThan(PATIENCE.toNanos());
                Thread.onSpinWait();
            }
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }
    }

    private static long heartbeat(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT heartbeat_millis FROM volume_daemon_lease")) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }

    @Test
    void endsWhenItsLeaseIsLost() throws Exception {
        RunningDaemon daemon = closed(room.start(Origin.ASKED_FOR));
        room.sql().sql("UPDATE volume_daemon_lease SET epoch = epoch + 1").update();
        assertThat(daemon.end().get(20, TimeUnit.SECONDS)).isEqualTo(End.LEASE_LOST);
    }

    @Test
    void aPortThatIsTakenStopsOnlyWhoAskedForIt() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DaemonRoom taken = closed(DaemonRoom.open(home, Map.of("port", String.valueOf(other.getLocalPort()))));
            assertThatThrownBy(() -> taken.start(Origin.ASKED_FOR))
                    .isInstanceOfSatisfying(
                            VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY))
                    .hasMessageContaining("port %d".formatted(other.getLocalPort()));
            closed(taken.start(Origin.AUTOMATIC));
            assertThat(taken.client(PATIENCE).volumes()).isEmpty();
        }
    }

    @Test
    void wantsACloudOnlyWhereOneIsConfigured() {
        DaemonRoom cloudy = closed(DaemonRoom.open(home, Map.of("backend", "cloudstack")));
        assertThatThrownBy(() -> cloudy.start(Origin.ASKED_FOR))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining("no OSSEA configuration is active");
        closed(room.start(Origin.ASKED_FOR)); // what failed has let the lease go
    }

    private <T extends AutoCloseable> T closed(T resource) {
        open.push(resource);
        return resource;
    }

    static VolumeExport exported(Volumes volumes, String name) {
        VolumeId id = perform(volumes, new VolumeRequest.Create(name, 1 << 20, Optional.of("ctx-1")))
                .volume();
        perform(volumes, new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false));
        return perform(volumes, new VolumeRequest.Export(id, false)).export().orElseThrow();
    }

    static Operation perform(Volumes volumes, VolumeRequest request) {
        return volumes.perform(UUID.randomUUID().toString(), request, PATIENCE);
    }

    static NbdClient connect(VolumeExport export) throws IOException {
        return NbdClient.connect(NbdUri.parse(export.uri().orElseThrow()), ClientOptions.defaults());
    }
}
