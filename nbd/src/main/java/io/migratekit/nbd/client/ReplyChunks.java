package io.migratekit.nbd.client;

import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Transmission;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What structured reply chunks other than READ data mean (protocol document, "Structured reply types"). Each method
 * returns null, or in which way the chunk breaks the protocol.
 */
final class ReplyChunks {
    private final Map<Integer, String> contexts;

    ReplyChunks(Map<Integer, String> contexts) {
        this.contexts = contexts;
    }

    @Nullable
    String take(NbdRequest request, int type, boolean last, ByteBuffer payload) {
        if ((type & Transmission.REPLY_FLAG_ERROR) != 0) {
            return error(request, payload); // also of types that we do not know
        }
        return switch (type) {
            case Transmission.REPLY_OFFSET_HOLE -> hole(request, payload);
            case Transmission.REPLY_BLOCK_STATUS -> status(request, payload);
            case Transmission.REPLY_NONE ->
                last && !payload.hasRemaining() ? null : "an empty chunk that is not the last, or not empty";
            default -> "reply type " + type;
        };
    }

    private static @Nullable String hole(NbdRequest read, ByteBuffer payload) {
        if (read.command() != Command.READ || payload.remaining() != 12) {
            return "a hole of %d bytes' payload".formatted(payload.remaining());
        }
        long offset = payload.getLong(); // offset, 8 bytes
        long length = payload.getInt() & 0xffffffffL; // hole size, 4 bytes
        return read.cover(offset, length, true) ? null : "a hole of %d bytes at %d".formatted(length, offset);
    }

    private @Nullable String status(NbdRequest asked, ByteBuffer payload) {
        if (asked.command() != Command.BLOCK_STATUS || payload.remaining() < 12 || payload.remaining() % 8 != 4) {
            return "a status of %d bytes".formatted(payload.remaining());
        }
        String context = contexts.get(payload.getInt()); // context id, 4 bytes
        if (context == null) {
            return "the status of a context that was not agreed on,";
        }
        List<StatusRun> runs = new ArrayList<>(payload.remaining() / 8);
        while (payload.hasRemaining()) {
            long length = payload.getInt() & 0xffffffffL; // length, 4 bytes
            int flags = payload.getInt(); // status flags, 4 bytes
            if (length == 0) {
                return "a status of zero length";
            }
            runs.add(new StatusRun(length, flags));
        }
        return asked.addStatus(context, runs) ? null : "two statuses of context " + context;
    }

    private static @Nullable String error(NbdRequest failed, ByteBuffer payload) {
        if (payload.remaining() < 6) {
            return "an error of %d bytes".formatted(payload.remaining());
        }
        int code = payload.getInt(); // error, 4 bytes
        int wordsBytes = payload.getShort() & 0xffff; // message length, 2 bytes
        if (code == 0 || wordsBytes > payload.remaining()) {
            return "error %d with %d bytes of text".formatted(code, wordsBytes);
        }
        failed.fail(ErrorCode.of(code), ServerWords.of(payload.slice(payload.position(), wordsBytes)));
        return null;
    }
}
