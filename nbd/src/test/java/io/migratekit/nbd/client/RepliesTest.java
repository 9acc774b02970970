package io.migratekit.nbd.client;

import static io.migratekit.nbd.client.ScriptedWire.CONTEXT_ID;
import static io.migratekit.nbd.client.ScriptedWire.data;
import static io.migratekit.nbd.client.ScriptedWire.error;
import static io.migratekit.nbd.client.ScriptedWire.filled;
import static io.migratekit.nbd.client.ScriptedWire.hole;
import static io.migratekit.nbd.client.ScriptedWire.status;
import static io.migratekit.nbd.wire.Transmission.REPLY_BLOCK_STATUS;
import static io.migratekit.nbd.wire.Transmission.REPLY_DONE;
import static io.migratekit.nbd.wire.Transmission.REPLY_ERROR;
import static io.migratekit.nbd.wire.Transmission.REPLY_ERROR_OFFSET;
import static io.migratekit.nbd.wire.Transmission.REPLY_NONE;
import static io.migratekit.nbd.wire.Transmission.REPLY_OFFSET_DATA;
import static io.migratekit.nbd.wire.Transmission.REPLY_OFFSET_HOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client makes of right replies in any order, of errors, and of silence. */
@Timeout(30)
final class RepliesTest {
    private static final long OFFSET = 4096;
    private static final int LENGTH = 4096;

    @TempDir
    Path folder;

    @Test
    void putsHolesAndDataTogetherInAnyOrder() throws IOException {
        byte[] read = read((wire, asked) -> {
            wire.chunk(0, REPLY_OFFSET_DATA, asked.cookie(), data(OFFSET + 3072, filled(1024, 4)));
            wire.chunk(0, REPLY_OFFSET_HOLE, asked.cookie(), hole(OFFSET, 1024));
            wire.chunk(0, REPLY_OFFSET_DATA, asked.cookie(), data(OFFSET + 1024, filled(1024, 2)));
            wire.chunk(REPLY_DONE, REPLY_OFFSET_HOLE, asked.cookie(), hole(OFFSET + 2048, 1024));
        });
        assertThat(ByteBuffer.wrap(read, 0, 1024).slice()).isEqualTo(ByteBuffer.wrap(filled(1024, 0)));
        assertThat(ByteBuffer.wrap(read, 1024, 1024).slice()).isEqualTo(ByteBuffer.wrap(filled(1024, 2)));
        assertThat(ByteBuffer.wrap(read, 2048, 1024).slice()).isEqualTo(ByteBuffer.wrap(filled(1024, 0)));
        assertThat(ByteBuffer.wrap(read, 3072, 1024).slice()).isEqualTo(ByteBuffer.wrap(filled(1024, 4)));
    }

    @Test
    void fillsABufferWithZerosWhereAllIsAHole() throws IOException {
        byte[] read =
                read((wire, asked) -> wire.chunk(REPLY_DONE, REPLY_OFFSET_HOLE, asked.cookie(), hole(OFFSET, LENGTH)));
        assertThat(read).containsOnly(0);
    }

    @Test
    void takesAnEmptyLastChunk() throws IOException {
        byte[] read =
                read((wire, asked) -> wire.chunk(0, REPLY_OFFSET_DATA, asked.cookie(), data(OFFSET, filled(LENGTH, 9)))
                        .chunk(REPLY_DONE, REPLY_NONE, asked.cookie()));
        assertThat(read).containsOnly(9);
    }

    @Test
    void aFailedRequestLeavesTheConnectionAlive() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(folder, (wire, asked) -> {
                    switch (Command.of(asked.type())) {
                        case READ ->
                            wire.chunk(0, REPLY_OFFSET_DATA, asked.cookie(), data(OFFSET, filled(10, 1)))
                                    .chunk(REPLY_DONE, REPLY_ERROR, asked.cookie(), error(5, "sector 8\u0007 is bad"));
                        case WRITE -> wire.simple(asked.cookie(), 28);
                        case TRIM -> wire.chunk(REPLY_DONE, REPLY_ERROR, asked.cookie(), error(4711, ""));
                        case WRITE_ZEROES ->
                            wire.chunk(
                                    REPLY_DONE,
                                    REPLY_ERROR_OFFSET,
                                    asked.cookie(),
                                    ByteBuffer.allocate(14).putInt(95).array());
                        default -> wire.simple(asked.cookie(), 0);
                    }
                });
                NbdClient client = server.connect()) {
            assertThatThrownBy(() -> client.read(OFFSET, ByteBuffer.allocate(LENGTH)))
                    .isInstanceOfSatisfying(
                            NbdException.RequestFailed.class,
                            failed -> assertThat(failed.error()).isEqualTo(ErrorCode.EIO))
                    .hasMessageContaining("READ offset=4096 length=4096 failed at " + server.uri())
                    .hasMessageContaining("input/output error (it says: sector 8 is bad)");
            assertThatThrownBy(() -> client.write(0, ByteBuffer.allocate(512), 0))
                    .hasMessageContaining("no space left on device");
            assertThatThrownBy(() -> client.trim(0, 512)).hasMessageContaining("invalid argument");
            assertThatThrownBy(() -> client.writeZeroes(0, 512, 0)).hasMessageContaining("operation not supported");
            client.flush();
        }
    }

    @Test
    void takesStatusRuns() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(
                        folder,
                        (wire, asked) -> wire.chunk(
                                REPLY_DONE,
                                REPLY_BLOCK_STATUS,
                                asked.cookie(),
                                status(CONTEXT_ID, 65536, 0, -4096, 3)));
                NbdClient client = server.connect()) {
            assertThat(client.blockStatus("base:allocation", 0, 1 << 20))
                    .containsExactly(new StatusRun(65536, 0), new StatusRun(0xfffff000L, 3));
            assertThatThrownBy(() -> client.blockStatus("qemu:dirty-bitmap:b", 0, 1))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("has no metadata context qemu:dirty-bitmap:b");
        }
    }

    @Test
    void givesUpOnAServerThatNeverAnswers() throws IOException {
        ClientOptions hasty = new ClientOptions(Duration.ofSeconds(5), Duration.ofMillis(300), List.of());
        try (ScriptedServer server = ScriptedServer.answering(folder, (wire, asked) -> {});
                NbdClient client = NbdClient.connect(server.uri(), hasty)) {
            assertThatThrownBy(client::flush)
                    .isInstanceOf(NbdException.Disconnected.class)
                    .hasMessageContaining("owes 1 answers and has been silent for")
                    .hasMessageContaining("is it hanging?");
        }
    }

    @Test
    void saysThatTheServerHungUp() throws IOException {
        try (ScriptedServer server = ScriptedServer.saying(
                        folder, wire -> wire.negotiate(true).request());
                NbdClient client = server.connect()) {
            assertThatThrownBy(client::flush)
                    .isInstanceOf(NbdException.Disconnected.class)
                    .hasMessageContaining("closed the connection with requests under way; see the server's log");
        }
    }

    @Test
    void matchesRepliesThatComeOutOfOrder() throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.negotiate(true);
            List<ScriptedWire.Request> asked = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                asked.add(wire.request());
            }
            for (int i = 15; i >= 0; i--) { // halves of two replies mixed with each other, last one first
                ScriptedWire.Request request = asked.get(i ^ 1);
                byte[] half = filled(256, 1 + (i ^ 1));
                wire.chunk(0, REPLY_OFFSET_DATA, request.cookie(), data(request.offsetBytes() + 256, half));
                if (i % 2 == 0) {
                    for (ScriptedWire.Request pending : List.of(asked.get(i), asked.get(i + 1))) {
                        byte[] rest = filled(256, 1 + asked.indexOf(pending));
                        wire.chunk(REPLY_DONE, REPLY_OFFSET_DATA, pending.cookie(), data(pending.offsetBytes(), rest));
                    }
                }
            }
            wire.waitForGoodbye();
        };
        try (ScriptedServer server = ScriptedServer.saying(folder, script);
                Waiter waiter = Waiter.open();
                NbdPipe pipe = NbdPipe.open(server.uri(), ScriptedServer.OPTIONS, waiter)) {
            List<HeldRead> reads = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                HeldRead read = new HeldRead();
                read.prepare(Command.READ, 0, i * 512L, 512, null);
                reads.add(read);
                pipe.submit(read);
            }
            while (pipe.inFlight() > 0) {
                if (!pipe.pump()) {
                    waiter.await(10_000_000, pipe);
                }
            }
            for (int i = 0; i < 16; i++) {
                assertThat(reads.get(i).buffer.array()).containsOnly(i + 1);
            }
        }
    }

    @Test
    void takesMoreRequestsThanThereAreSlots() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(folder, (wire, asked) -> wire.simple(asked.cookie(), 0));
                Waiter waiter = Waiter.open();
                NbdPipe pipe = NbdPipe.open(server.uri(), ScriptedServer.OPTIONS, waiter)) {
            int[] done = {0};
            for (int i = 0; i < 10_000; i++) {
                NbdRequest request = new NbdRequest() {
                    @Override
                    protected void completed() {
                        done[0]++;
                    }
                };
                request.prepare(Command.FLUSH, 0, 0, 0, null);
                pipe.submit(request);
            }
            assertThat(pipe.hasRoom()).isFalse();
            assertThat(pipe.inFlight()).isEqualTo(10_000);
            while (pipe.inFlight() > 0) {
                if (!pipe.pump()) {
                    waiter.await(10_000_000, pipe);
                }
            }
            assertThat(done[0]).isEqualTo(10_000);
        }
    }

    @Test
    void aRefusalOnSightWaitsUntilTheRequestIsSent() throws IOException {
        assertThat(answeredOnSight(5)).isInstanceOf(NbdException.RequestFailed.class);
    }

    @Test
    void endsOnSuccessBeforeTheRequestWasSent() throws IOException {
        assertThat(answeredOnSight(0))
                .isInstanceOf(NbdException.Violation.class)
                .hasMessageContaining("success before all of WRITE offset=0 length=33554432 was sent");
    }

    /** The first cookie of a connection is known, so a hostile server can answer before it has read the payload. */
    private Throwable answeredOnSight(int error) throws IOException {
        ScriptedServer.Script script = wire -> {
            wire.negotiate(true).simple(1L << 16 | 0, error);
            wire.request();
            wire.simple(wire.request().cookie(), 0).waitForGoodbye();
        };
        try (ScriptedServer server = ScriptedServer.saying(folder, script);
                NbdClient client = server.connect()) {
            ByteBuffer payload = ByteBuffer.allocateDirect(32 << 20);
            Throwable failure = catchThrowable(() -> client.write(0, payload, 0));
            if (error != 0) {
                client.flush();
            }
            return failure;
        }
    }

    private static final class HeldRead extends NbdRequest {
        private final ByteBuffer buffer = ByteBuffer.allocate(512);

        @Override
        protected ByteBuffer readBuffer() {
            return buffer;
        }

        @Override
        protected void completed() {
            assertThat(error()).isNull();
        }
    }

    private byte[] read(ScriptedServer.Answer answer) throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(folder, answer);
                NbdClient client = server.connect()) {
            ByteBuffer into = ByteBuffer.wrap(filled(LENGTH, 0x55));
            client.read(OFFSET, into);
            return into.array();
        }
    }
}
