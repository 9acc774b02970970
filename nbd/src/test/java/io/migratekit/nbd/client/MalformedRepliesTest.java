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
import static io.migratekit.nbd.wire.Transmission.REPLY_NONE;
import static io.migratekit.nbd.wire.Transmission.REPLY_OFFSET_DATA;
import static io.migratekit.nbd.wire.Transmission.REPLY_OFFSET_HOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replies that no server may give end the connection, with words that say which reply and why. */
@Timeout(30)
final class MalformedRepliesTest {
    private static final long OFFSET = 4096;
    private static final int LENGTH = 4096;

    @TempDir
    Path folder;

    @Test
    void endsOnDataThatDoesNotFitTheRequest() throws IOException {
        assertViolation(dataChunk(OFFSET, LENGTH + 1), "4105 bytes of data in reply to READ offset=4096 length=4096");
        assertViolation(dataChunk(OFFSET - 1, LENGTH), "4096 bytes at 4095 in reply to READ");
        assertViolation(dataChunk(OFFSET + 1, LENGTH), "4096 bytes at 4097 in reply to READ");
        assertViolation(dataChunk(Long.MIN_VALUE, 10), "10 bytes at -9223372036854775808");
        assertViolation(dataChunk(Long.MAX_VALUE, 10), "10 bytes at 9223372036854775807");
        assertViolation(dataChunk(OFFSET, 100), "ends before all of it came");
        assertViolation(dataChunk(OFFSET, 0), "8 bytes of data");
        assertViolation(
                (wire, asked) -> wire.send(ScriptedWire.chunkHeader(REPLY_DONE, REPLY_OFFSET_DATA, asked.cookie(), -1)
                                .rewind())
                        .bytes(new byte[8]),
                "4294967295 bytes of data");
    }

    @Test
    void endsOnChunksThatOverlap() throws IOException {
        for (boolean firstIsHole : new boolean[] {true, false}) {
            assertViolation(
                    (wire, asked) -> {
                        if (firstIsHole) {
                            wire.chunk(0, REPLY_OFFSET_HOLE, asked.cookie(), hole(OFFSET + 1000, 1000));
                        } else {
                            wire.chunk(0, REPLY_OFFSET_DATA, asked.cookie(), data(OFFSET + 1000, filled(1000, 1)));
                        }
                        wire.chunk(0, REPLY_OFFSET_DATA, asked.cookie(), data(OFFSET + 500, filled(501, 1)));
                    },
                    "501 bytes at 4596 in reply to READ");
        }
        assertViolation(
                (wire, asked) -> wire.chunk(0, REPLY_OFFSET_DATA, asked.cookie(), data(OFFSET, filled(LENGTH, 1)))
                        .chunk(REPLY_DONE, REPLY_OFFSET_HOLE, asked.cookie(), hole(OFFSET, 1)),
                "a hole of 1 bytes at 4096 in reply to READ");
    }

    @Test
    void endsOnHolesThatDoNotFit() throws IOException {
        assertViolation(holeChunk(hole(OFFSET, LENGTH + 1)), "a hole of 4097 bytes at 4096");
        assertViolation(holeChunk(hole(-5, -1)), "a hole of 4294967295 bytes at -5");
        assertViolation(holeChunk(hole(OFFSET, 0)), "a hole of 0 bytes at 4096");
        assertViolation(holeChunk(new byte[11]), "a hole of 11 bytes' payload");
    }

    @Test
    void endsOnRepliesThatNobodyAskedFor() throws IOException {
        assertViolation(
                (wire, asked) -> wire.chunk(REPLY_DONE, REPLY_NONE, asked.cookie() ^ 0x10000),
                "which no request has (answered twice?)");
        assertViolation((wire, asked) -> wire.simple(-1, 5), "a reply with cookie ffffffffffffffff");
        assertViolation((wire, asked) -> wire.bytes(filled(20, 0x41)), "a reply begins with 41414141");
        assertViolation(
                (wire, asked) -> wire.chunk(REPLY_DONE, 77, asked.cookie(), filled(3, 1)), "reply type 77 in reply to");
        assertViolation(
                (wire, asked) -> wire.chunk(0, REPLY_NONE, asked.cookie()), "an empty chunk that is not the last");
        assertViolation(
                (wire, asked) -> wire.chunk(REPLY_DONE, REPLY_BLOCK_STATUS, asked.cookie(), status(CONTEXT_ID, 1, 1)),
                "a status of 12 bytes in reply to READ");
        assertViolation(
                (wire, asked) -> wire.send(ScriptedWire.chunkHeader(0, REPLY_ERROR, asked.cookie(), 17 << 20)),
                "a reply of 17825792 bytes to READ offset=4096 length=4096; 16777216 is the most");
    }

    @Test
    void endsOnASimpleReplyWithDataWhereStructuredOnesWereAgreed() throws IOException {
        assertViolation(
                (wire, asked) -> wire.simple(asked.cookie(), 0, filled(LENGTH, 1)),
                "a simple reply to READ",
                "where structured replies were agreed");
    }

    @Test
    void endsOnAReplyWithoutEnd() throws IOException {
        assertViolation(
                (wire, asked) -> {
                    ByteBuffer chunks = ByteBuffer.allocate(28 * 1000);
                    for (int i = 0; i < 1000; i++) {
                        chunks.put(ScriptedWire.chunkHeader(0, REPLY_ERROR, asked.cookie(), 8));
                        chunks.put(error(5, "no"));
                    }
                    for (int i = 0; i < 100; i++) {
                        wire.send(chunks.rewind());
                    }
                },
                "a reply in too many chunks");
    }

    @Test
    void endsOnAnAnswerGivenTwice() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(folder, (wire, asked) -> {
                    wire.chunk(REPLY_DONE, REPLY_OFFSET_DATA, asked.cookie(), data(OFFSET, filled(LENGTH, 1)));
                    wire.chunk(REPLY_DONE, REPLY_OFFSET_DATA, asked.cookie(), data(OFFSET, filled(LENGTH, 2)));
                });
                NbdClient client = server.connect()) {
            ByteBuffer into = ByteBuffer.allocate(LENGTH);
            client.read(OFFSET, into);
            assertThat(into.array()).containsOnly(1);
            assertThatThrownBy(client::flush)
                    .isInstanceOf(NbdException.Violation.class)
                    .hasMessageContaining("answered twice?")
                    .hasMessageContaining("The connection is ended");
            assertThat(into.array()).containsOnly(1);
            assertThatThrownBy(client::flush).isInstanceOf(NbdException.Disconnected.class);
        }
    }

    @Test
    void endsOnMalformedErrors() throws IOException {
        assertViolation(errorChunk(new byte[5]), "an error of 5 bytes");
        assertViolation(errorChunk(error(0, "fine")), "error 0 with 4 bytes of text");
        assertViolation(errorChunk(new byte[] {0, 0, 0, 5, 0, 9, 65}), "error 5 with 9 bytes of text");
    }

    @Test
    void endsOnMalformedStatus() throws IOException {
        assertStatusViolation("a status of 4 bytes", status(CONTEXT_ID));
        assertStatusViolation("a status of 8 bytes", status(CONTEXT_ID, 1));
        assertStatusViolation("a status of 13 bytes", new byte[13]);
        assertStatusViolation("context that was not agreed on", status(CONTEXT_ID + 1, 4096, 0));
        assertStatusViolation("a status of zero length", status(CONTEXT_ID, 4096, 0, 0, 0));
        assertStatusViolation(
                "two statuses of context base:allocation", status(CONTEXT_ID, 4096, 0), status(CONTEXT_ID, 4096, 0));
        assertStatusViolation("no status in reply to BLOCK_STATUS");
        try (ScriptedServer server = ScriptedServer.answering(folder, (wire, asked) -> wire.simple(asked.cookie(), 0));
                NbdClient client = server.connect()) {
            assertThatThrownBy(() -> client.blockStatus("base:allocation", 0, 4096))
                    .isInstanceOf(NbdException.Violation.class)
                    .hasMessageContaining("a simple reply without error");
        }
    }

    private static ScriptedServer.Answer dataChunk(long offset, int length) {
        return (wire, asked) ->
                wire.chunk(REPLY_DONE, REPLY_OFFSET_DATA, asked.cookie(), data(offset, filled(length, 1)));
    }

    private static ScriptedServer.Answer holeChunk(byte[] payload) {
        return (wire, asked) -> wire.chunk(REPLY_DONE, REPLY_OFFSET_HOLE, asked.cookie(), payload);
    }

    private static ScriptedServer.Answer errorChunk(byte[] payload) {
        return (wire, asked) -> wire.chunk(REPLY_DONE, REPLY_ERROR, asked.cookie(), payload);
    }

    private void assertViolation(ScriptedServer.Answer answer, String... words) throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(folder, answer);
                NbdClient client = server.connect()) {
            assertThatThrownBy(() -> client.read(OFFSET, ByteBuffer.allocate(LENGTH)))
                    .isInstanceOf(NbdException.Violation.class)
                    .hasMessageContaining("breaks the NBD protocol")
                    .hasMessageContainingAll(words);
        }
    }

    private void assertStatusViolation(String words, byte[]... payloads) throws IOException {
        ScriptedServer.Answer answer = (wire, asked) -> {
            for (byte[] payload : payloads) {
                wire.chunk(0, REPLY_BLOCK_STATUS, asked.cookie(), payload);
            }
            wire.chunk(REPLY_DONE, REPLY_NONE, asked.cookie());
        };
        try (ScriptedServer server = ScriptedServer.answering(folder, answer);
                NbdClient client = server.connect()) {
            assertThatThrownBy(() -> client.blockStatus("base:allocation", 0, 4096))
                    .isInstanceOf(NbdException.Violation.class)
                    .hasMessageContaining(words);
        }
    }
}
