package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts replies on the wire (protocol document, "Simple reply message" and "Structured reply chunk message"). */
final class Replies {
    private static final int TEXT_BYTES_MAX = 1024;

    private final Outbound out;
    private final boolean structured;

    Replies(Outbound out, boolean structured) {
        this.out = out;
        this.structured = structured;
    }

    void done(Request request) throws IOException {
        putSimple(out.room(Transmission.SIMPLE_REPLY_BYTES), request, 0);
    }

    void failed(Request request, ErrorCode error, String text) throws IOException {
        if (!structured) {
            putSimple(out.room(Transmission.SIMPLE_REPLY_BYTES), request, error.code);
            return;
        }
        byte[] words = text.getBytes(StandardCharsets.UTF_8);
        words = words.length > TEXT_BYTES_MAX ? Arrays.copyOf(words, TEXT_BYTES_MAX) : words;
        ByteBuffer buffer = out.room(Transmission.STRUCTURED_REPLY_BYTES + 6 + words.length);
        putChunk(buffer, request, Transmission.REPLY_DONE, Transmission.REPLY_ERROR, 6 + words.length);
        buffer.putInt(error.code) // error, 4 bytes
                .putShort((short) words.length) // length of the text, 2 bytes
                .put(words);
    }

    static void putSimple(ByteBuffer buffer, Request request, int error) {
        buffer.putInt(Transmission.SIMPLE_REPLY_MAGIC) // simple reply magic, 4 bytes
                .putInt(error) // error, 4 bytes
                .putLong(request.cookie()); // cookie, 8 bytes
    }

    static void putChunk(ByteBuffer buffer, Request request, int flags, int type, int payloadBytes) {
        buffer.putInt(Transmission.STRUCTURED_REPLY_MAGIC) // structured reply magic, 4 bytes
                .putShort((short) flags) // flags, 2 bytes
                .putShort((short) type) // type, 2 bytes
                .putLong(request.cookie()) // cookie, 8 bytes
                .putInt(payloadBytes); // length of the payload, 4 bytes
    }
}
