package io.migratekit.volume.export;

import static io.migratekit.volume.export.EngineRoom.connect;
import static io.migratekit.volume.export.EngineRoom.fill;
import static io.migratekit.volume.export.EngineRoom.fresh;
import static io.migratekit.volume.export.EngineRoom.next;
import static io.migratekit.volume.export.EngineRoom.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.client.StatusRun;
import io.migratekit.nbd.wire.Transmission;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every engine does with names and images. */
@Timeout(60)
abstract class ExportEngineContract {
    private static final int SIZE_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private EngineRoom room;
    private ExportEngine engine;

    abstract ExportEngine build(ExportEngines engines);

    /** Fills a folder with certificates of both sides, where the server is localhost. */
    abstract void makeCertificates(Path certificates) throws Exception;

    @BeforeEach
    final void open() {
        room = EngineRoom.onUnixSocket(folder, this::build);
        engine = room.engine();
    }

    @AfterEach
    final void close() {
        room.close();
    }

    @Test
    void servesAnImageAndWritesReachIt() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        ExportName name = fresh();

        NbdUri uri = engine.add(name, image, false);
        fill(uri, 4096, 512, 7);

        assertThat(uri.exportName()).isEqualTo(name.toString());
        assertThat(read(uri, 0, SIZE_BYTES)).hasSize(SIZE_BYTES).startsWith(0, 0);
        byte[] content = Files.readAllBytes(image.path());
        assertThat(content).hasSize(SIZE_BYTES);
        assertThat(content[4095]).isZero();
        assertThat(content[4096]).isEqualTo((byte) 7);
        assertThat(content[4607]).isEqualTo((byte) 7);
        assertThat(content[4608]).isZero();
    }

    @Test
    void knowsWhatItServesAndWhere() {
        ExportName first = fresh();
        ExportName second = next(first);
        assertThat(engine.names()).isEmpty();
        assertThat(engine.uri(first)).isEmpty();

        NbdUri uri = engine.add(first, room.raw("a.raw", SIZE_BYTES), false);
        engine.add(second, room.raw("b.raw", SIZE_BYTES), true);

        assertThat(engine.names()).containsExactlyInAnyOrder(first, second);
        assertThat(engine.uri(first)).contains(uri);
        assertThat(engine.remove(first)).isTrue();
        assertThat(engine.names()).containsExactly(second);
        assertThat(engine.uri(first)).isEmpty();
        assertThat(engine.check()).contains("1 exports");
    }

    @Test
    void doesNothingWhenAnExportIsAddedAgain() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        ExportName name = fresh();
        NbdUri uri = engine.add(name, image, false);
        try (NbdClient client = connect(uri)) {
            assertThat(engine.add(name, image, false)).isEqualTo(uri);
            client.flush(); // its connection is the same still
        }
        assertThat(engine.names()).containsExactly(name);
    }

    @Test
    void refusesAnotherImageUnderANameThatIsTaken() {
        ExportName name = fresh();
        engine.add(name, room.raw("a.raw", SIZE_BYTES), false);
        assertRefused(() -> engine.add(name, room.raw("b.raw", SIZE_BYTES), false), "serves");
    }

    @Test
    void refusesASecondNameForAnImageWhateverThePath() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic.raw"), image.path());
        Path hard = Files.createLink(folder.resolve("hard.raw"), image.path());
        ExportName holder = fresh();
        engine.add(holder, image, false);

        for (Path path : new Path[] {image.path(), symbolic, hard}) {
            Image same = new Image(path, Image.Format.RAW);
            assertRefused(() -> engine.add(fresh(), same, false), holder.toString());
            assertRefused(() -> engine.add(fresh(), same, true), holder.toString());
        }
        assertThat(engine.names()).containsExactly(holder);
    }

    @Test
    void letsOnlyOneOfManyHaveAnImage() {
        Image image = room.raw("a.raw", SIZE_BYTES);
        AtomicInteger refused = new AtomicInteger();
        IntStream.range(0, 8).parallel().forEach(number -> {
            try {
                engine.add(fresh(), image, false);
            } catch (VolumeException e) {
                assertThat(e.kind()).isEqualTo(VolumeException.Kind.REFUSED);
                refused.incrementAndGet();
            }
        });
        assertThat(refused).hasValue(7);
        assertThat(engine.names()).hasSize(1);
    }

    @Test
    void givesAnImageToTheNextOnceItsExportIsRemoved() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        ExportName name = fresh();
        fill(engine.add(name, image, false), 0, 512, 1);
        engine.remove(name);

        NbdUri uri = engine.add(next(name), image, false);

        assertThat(read(uri, 0, 1)).containsExactly(1);
        assertThatThrownBy(() -> connect(new NbdUri(uri.address(), false, name.toString(), Map.of())))
                .isInstanceOf(NbdException.Refused.class);
    }

    @Test
    void removesNothingThatIsNotThere() {
        ExportName name = fresh();
        assertThat(engine.remove(name)).isFalse();
        engine.add(name, room.raw("a.raw", SIZE_BYTES), false);
        assertThat(engine.remove(name)).isTrue();
        assertThat(engine.remove(name)).isFalse();
    }

    @Test
    void refusesWritesToAReadOnlyExport() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        try (NbdClient client = connect(engine.add(fresh(), image, true))) {
            assertThat(client.export().readOnly()).isTrue();
            ByteBuffer one = EngineRoom.filled(512, 1);
            assertThatThrownBy(() -> client.write(0, one, 0)).isInstanceOf(NbdException.class);
        }
        assertThat(Files.readAllBytes(image.path())).containsOnly(0);
    }

    @Test
    void refusesWhatIsNoImage() {
        Image missing = new Image(folder.resolve("missing.raw"), Image.Format.RAW);
        assertRefused(() -> engine.add(fresh(), missing, false), "missing.raw");
        assertThat(missing.path()).doesNotExist();
        assertRefused(() -> engine.add(fresh(), new Image(folder, Image.Format.RAW), false), "neither a file");
        assertRefused(
                () -> engine.add(fresh(), new Image(Path.of("/dev/null"), Image.Format.RAW), false), "neither a file");
        assertThat(engine.names()).isEmpty();
    }

    @Test
    void servesAFileWithAnyName() throws IOException {
        Image image = room.raw("a, b=c: \"ü\" %20.raw", SIZE_BYTES);
        fill(engine.add(fresh(), image, false), 0, 512, 9);
        assertThat(Files.readAllBytes(image.path())).startsWith(9);
    }

    @Test
    void servesOverTcp() throws IOException {
        NbdUri.Address address = new NbdUri.Tcp("127.0.0.1", freePort());
        try (EngineRoom tcp = EngineRoom.at(folder.resolve("tcp"), address, Optional.empty(), this::build)) {
            NbdUri uri = tcp.engine().add(fresh(), room.raw("a.raw", SIZE_BYTES), false);
            assertThat(uri.address()).isEqualTo(address);
            fill(uri, 0, 512, 3);
            assertThat(read(uri, 0, 1)).containsExactly(3);
            try (NbdClient client = connect(uri)) {
                client.flush();
                assertThat(tcp.engine().clients()).isPositive();
            }
        }
    }

    @Test
    void demandsTlsAndTheClientsCertificateWhereItHasCertificates() throws Exception {
        Path certificates = Files.createDirectories(folder.resolve("certificates, ours"));
        makeCertificates(certificates);
        NbdUri.Address address = new NbdUri.Unix(folder.resolve("tls.sock"));
        try (EngineRoom tls = EngineRoom.at(folder.resolve("tls"), address, Optional.of(certificates), this::build)) {
            NbdUri uri = tls.engine().add(fresh(), room.raw("a.raw", SIZE_BYTES), false);
            assertThat(uri.tls()).isTrue();
            NbdUri shown = new NbdUri(
                    uri.address(),
                    true,
                    uri.exportName(),
                    Map.of("tls-certificates", certificates.toString(), "tls-hostname", "localhost"));
            fill(shown, 0, 512, 5);
            assertThat(read(shown, 0, 1)).containsExactly(5);
            assertThatThrownBy(() -> connect(NbdUri.unix(folder.resolve("tls.sock"), uri.exportName())))
                    .isInstanceOf(NbdException.class);
        }
    }

    @Test
    void countsTheConnectionsOfAllExports() throws Exception {
        NbdUri first = engine.add(fresh(), room.raw("a.raw", SIZE_BYTES), false);
        NbdUri second = engine.add(fresh(), room.raw("b.raw", SIZE_BYTES), true);
        awaitClients(0);
        try (NbdClient one = connect(first);
                NbdClient two = connect(first);
                NbdClient three = connect(second)) {
            awaitClients(3);
            assertThat(one.export().sizeBytes() + two.export().sizeBytes())
                    .isEqualTo(2 * three.export().sizeBytes());
        }
        awaitClients(0);
    }

    @Test
    void aTrimmedRangeIsGivenBackToTheStorage() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        NbdUri uri = engine.add(fresh(), image, false);
        fill(uri, 0, SIZE_BYTES, 8);
        try (NbdClient client = NbdClient.connect(uri, ClientOptions.defaults().withContexts("base:allocation"))) {
            client.trim(0, SIZE_BYTES / 2);
            client.flush();
            assertThat(client.blockStatus("base:allocation", 0, SIZE_BYTES))
                    .startsWith(new StatusRun(SIZE_BYTES / 2, Transmission.STATE_HOLE | Transmission.STATE_ZERO));
        }
        assertThat(Files.readAllBytes(image.path())).startsWith(0).endsWith(8);
    }

    private void awaitClients(int count) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + 10_000_000_000L;
        while (engine.clients() != count && System.nanoTime() < deadlineNanos) {
            Thread.sleep(2);
        }
        assertThat(engine.clients()).isEqualTo(count);
    }

    /** Below the ports that systems give to clients, so that no connection of somebody else takes it meanwhile. */
    static int freePort() throws IOException {
        for (int attempt = 0; ; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                if (attempt == 20) {
                    throw e;
                }
            }
        }
    }

    static void assertRefused(ThrowingCallable call, String words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.REFUSED))
                .hasMessageContaining(words);
    }
}
