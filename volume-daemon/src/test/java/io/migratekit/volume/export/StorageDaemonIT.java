package io.migratekit.volume.export;

import static io.migratekit.volume.export.EngineRoom.connect;
import static io.migratekit.volume.export.EngineRoom.fill;
import static io.migratekit.volume.export.EngineRoom.fresh;
import static io.migratekit.volume.export.EngineRoom.next;
import static io.migratekit.volume.export.EngineRoom.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.client.StatusRun;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can do, and what can happen to it. */
@NeedsPeer({"qemu-storage-daemon", "qemu-img", "qemu-io"})
@Timeout(60)
final class StorageDaemonIT {
    private static final int SIZE_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private EngineRoom room;
    private ExportEngine engine;

    @BeforeEach
    void open() {
        room = EngineRoom.onUnixSocket(folder, ExportEngines::qemu);
        engine = room.engine();
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void itsExportsGoOnWhileOurProcessIsReplaced() throws IOException {
        Image image = room.raw("a, \u00fc.raw", SIZE_BYTES);
        ExportName name = fresh();
        NbdUri uri = engine.add(name, image, false);
        try (NbdClient client = connect(uri)) {
            engine.close();
            ExportEngine successor = room.engines().qemu();
            client.write(0, EngineRoom.filled(512, 1), 0);

            assertThat(successor.names()).containsExactly(name);
            assertThat(successor.uri(name)).contains(uri);
            assertThat(successor.add(name, image, false)).isEqualTo(uri);
            assertThat(successor.clients()).isEqualTo(1);
            ExportEngineContract.assertRefused(() -> successor.add(next(name), image, false), name.toString());
            client.flush();
            assertThat(successor.remove(name)).isTrue();
            assertThatThrownBy(client::flush).isInstanceOf(IOException.class);
        }
    }

    @Test
    void servesAgainAtTheSamePlaceAfterItWasKilled() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        ExportName name = fresh();
        NbdUri uri = engine.add(name, image, false);
        fill(uri, 0, 512, 4);
        long before = room.daemonPid();

        room.killDaemon();

        assertThat(engine.names()).isEmpty();
        assertThat(engine.uri(name)).isEmpty();
        assertThat(engine.clients()).isZero();
        assertThat(engine.add(name, image, false)).isEqualTo(uri);
        assertThat(room.daemonPid()).isNotEqualTo(before);
        assertThat(read(uri, 0, 1)).containsExactly(4);
    }

    @Test
    void whatItServedWhenItWasKilledIsFreeForTheNextEpoch() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        ExportName name = fresh();
        engine.add(name, image, false);
        room.killDaemon();
        assertThat(engine.remove(name)).isFalse();
        fill(engine.add(next(name), image, false), 0, 512, 2);
        assertThat(engine.names()).containsExactly(next(name));
    }

    @Test
    void provesNothingByAPidFileThatIsGone() throws IOException {
        ExportName name = fresh();
        engine.add(name, room.raw("a.raw", SIZE_BYTES), false);
        Path pidFile = room.engines().folder().resolve("qemu.pid");
        Path aside = folder.resolve("aside");
        Files.move(pidFile, aside);
        try {
            assertThatThrownBy(() -> engine.remove(name))
                    .isInstanceOfSatisfying(
                            VolumeException.class,
                            e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.UNAVAILABLE))
                    .hasMessageContaining("pid file");
        } finally {
            Files.move(aside, pidFile);
        }
        assertThat(engine.remove(name)).isTrue();
    }

    @Test
    void closesAnImageThatADeadPredecessorOpenedAndNeverOffered() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        engine.check();
        try (QmpSession qmp = QmpSession.open(room.engines().folder().resolve("qmp.sock"), Duration.ofSeconds(10))) {
            String node = ImageFile.token('x', "half");
            Map<String, Object> file = Map.of(
                    "driver",
                    "file",
                    "node-name",
                    ImageFile.of(image).identity(),
                    "filename",
                    image.path().toString());
            qmp.execute("blockdev-add", Map.of("driver", "raw", "node-name", node, "file", file));
        }
        fill(room.engines().qemu().add(fresh(), image, false), 0, 512, 3);
        assertThat(Files.readAllBytes(image.path())).startsWith(3);
    }

    @Test
    void servesQcow2OnItsBackingFileWhichNobodyElseMayWrite() throws IOException {
        Image below = qcow2("below.qcow2");
        ExportName name = fresh();
        fill(engine.add(name, below, false), 0, 512, 1);
        engine.remove(name);
        Path path = folder.resolve("above.qcow2");
        img("create", "-f", "qcow2", "-F", "qcow2", "-b", below.path().toString(), path.toString());
        NbdUri uri = engine.add(fresh(), new Image(path, Image.Format.QCOW2), false);

        assertThat(read(uri, 0, 1)).containsExactly(1);
        fill(uri, 0, 512, 2);
        assertThat(read(uri, 0, 1)).containsExactly(2);
        ExportEngineContract.assertRefused(() -> engine.add(next(name), below, false), "lies below");
    }

    @Test
    void servesTheBitmapsOfAnImage() throws IOException {
        Image image = qcow2("a.qcow2");
        img("bitmap", "--add", "-g", "64K", image.path().toString(), "b0");
        Peer.run(
                        Duration.ofSeconds(20),
                        "qemu-io",
                        "-f",
                        "qcow2",
                        "-c",
                        "write 64K 64K",
                        image.path().toString())
                .orFail();
        String context = "qemu:dirty-bitmap:b0";
        ClientOptions options = ClientOptions.defaults().withContexts(context);
        try (NbdClient client = NbdClient.connect(engine.add(fresh(), image, true), options)) {
            assertThat(client.blockStatus(context, 0, SIZE_BYTES))
                    .startsWith(new StatusRun(64 << 10, 0), new StatusRun(64 << 10, 1));
        }
    }

    @Test
    void refusesOtherSettingsWhileItServes() {
        ExportName name = fresh();
        engine.add(name, room.raw("a.raw", SIZE_BYTES), false);
        NbdUri.Address other = new NbdUri.Unix(folder.resolve("other.sock"));
        ExportEngine changed = new ExportEngines(room.engines().folder(), other, Optional.empty()).qemu();
        ExportEngineContract.assertRefused(() -> changed.names(), "other settings");
        engine.remove(name);
        assertThat(changed.add(name, room.raw("a.raw", SIZE_BYTES), false).address())
                .isEqualTo(other);
    }

    @Test
    void endsWhereTheEmbeddedEngineTakesOver() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        ExportName name = fresh();
        NbdUri uri = engine.add(name, image, false);
        try (ExportEngine embedded = room.engines().embedded()) {
            assertThat(embedded.names()).isEmpty();
            assertThat(embedded.add(name, image, false)).isEqualTo(uri);
            fill(uri, 0, 512, 6);
        }
    }

    private Image qcow2(String name) {
        Path path = folder.resolve(name);
        img("create", "-f", "qcow2", path.toString(), "1M");
        return new Image(path, Image.Format.QCOW2);
    }

    private static void img(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "qemu-img";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Peer.run(Duration.ofSeconds(20), command).orFail();
    }
}
