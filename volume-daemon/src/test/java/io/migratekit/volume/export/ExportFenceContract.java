package io.migratekit.volume.export;

import static io.migratekit.volume.export.EngineRoom.connect;
import static io.migratekit.volume.export.EngineRoom.fresh;
import static io.migratekit.volume.export.EngineRoom.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an export's end means to its writer, and what it does not mean to others. */
@Timeout(120)
abstract class ExportFenceContract {
    private static final int SIZE_BYTES = 4 << 20;
    private static final int COPIED_BYTES = 64 << 20;

    @TempDir
    Path folder;

    private EngineRoom room;
    private ExportEngine engine;

    abstract ExportEngine build(ExportEngines engines);

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
    void noWriterChangesAByteOnceItsExportIsRemoved() throws Exception {
        for (int round = 0; round < 5; round++) {
            Image image = room.raw("round-%d.raw".formatted(round), SIZE_BYTES);
            ExportName name = fresh();
            NbdUri uri = engine.add(name, image, false);
            List<EndlessWriter> writers = List.of(EndlessWriter.start(uri, 1), EndlessWriter.start(uri, 2));
            for (EndlessWriter writer : writers) {
                writer.awaitWrites(20);
            }

            assertThat(engine.remove(name)).isTrue();
            byte[] atTheEnd = Files.readAllBytes(image.path());
            NbdUri nextUri = engine.add(next(name), image, false);

            for (EndlessWriter writer : writers) {
                assertThat(writer.awaitFailure()).isInstanceOf(IOException.class);
            }
            assertThat(Files.readAllBytes(image.path())).isEqualTo(atTheEnd);
            assertThat(EngineRoom.read(nextUri, 0, SIZE_BYTES)).isEqualTo(atTheEnd);
        }
    }

    @Test
    void whatWasFlushedBeforeTheRemovalIsInTheImage() throws IOException {
        Image image = room.raw("a.raw", SIZE_BYTES);
        ExportName name = fresh();
        try (NbdClient client = connect(engine.add(name, image, false))) {
            client.write(0, EngineRoom.filled(SIZE_BYTES, 6), 0);
            client.flush();
            engine.remove(name);
        }
        assertThat(Files.readAllBytes(image.path())).hasSize(SIZE_BYTES).containsOnly(6);
    }

    @Test
    void aHundredExportsComeAndGoWhileACopyGoesOn() throws Exception {
        ExportName name = fresh();
        NbdUri uri = engine.add(name, room.raw("copied.raw", COPIED_BYTES), false);
        try (EndlessCopy copy = EndlessCopy.start(uri, COPIED_BYTES)) {
            for (int number = 0; number < 100; number++) {
                ExportName other = fresh();
                NbdUri otherUri = engine.add(other, room.raw("other-%d.raw".formatted(number % 10), SIZE_BYTES), false);
                if (number % 10 == 0) {
                    EngineRoom.fill(otherUri, 0, 4096, number);
                }
                assertThat(engine.remove(other)).isTrue();
            }
            copy.awaitPasses(copy.passes() + 1); // one that began after all of that, or at least ended after it
        }
        assertThat(engine.names()).containsExactly(name);
    }

    @Test
    void aHangingClientHoldsUpNoRemoval() throws Exception {
        NbdUri uri = engine.add(fresh(), room.raw("a.raw", SIZE_BYTES), false);
        ExportName other = fresh();
        engine.add(other, room.raw("b.raw", SIZE_BYTES), false);
        ExportName own = ExportName.parse(uri.exportName());
        List<HangingClient> clients = new ArrayList<>();
        try {
            clients.add(HangingClient.inGreeting(uri));
            clients.add(HangingClient.inHeader(uri));
            clients.add(HangingClient.inPayload(uri));

            assertThat(engine.remove(other)).isTrue();
            assertThat(engine.remove(own)).isTrue();

            assertThat(engine.names()).isEmpty();
        } finally {
            for (HangingClient client : clients) {
                client.close();
            }
        }
    }
}
