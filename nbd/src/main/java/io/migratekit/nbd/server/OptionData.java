package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Handshake;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The data of one option, read field by field; what does not fit its own lengths is {@link Malformed}. */
final class OptionData {
    private final ByteBuffer data;

    OptionData(ByteBuffer data) {
        this.data = data;
    }

    /** Reads a string with its length before it. */
    String string() throws Malformed {
        need(4);
        int lengthBytes = data.getInt(); // length of the string, 4 bytes
        if (lengthBytes < 0 || lengthBytes > Handshake.STRING_BYTES_MAX) {
            throw new Malformed("a string of %s bytes; at most %d are allowed"
                    .formatted(Integer.toUnsignedString(lengthBytes), Handshake.STRING_BYTES_MAX));
        }
        need(lengthBytes);
        return text(lengthBytes);
    }

    /** Reads all that is left as one string. */
    String rest() throws Malformed {
        if (data.remaining() > Handshake.STRING_BYTES_MAX) {
            throw new Malformed("a string of %d bytes; at most %d are allowed"
                    .formatted(data.remaining(), Handshake.STRING_BYTES_MAX));
        }
        return text(data.remaining());
    }

    /** Reads the information requests of INFO and GO. */
    List<Integer> informationRequests() throws Malformed {
        need(2);
        int count = data.getShort() & 0xffff; // number of requests, 2 bytes
        need(2 * count);
        List<Integer> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(data.getShort() & 0xffff); // request, 2 bytes
        }
        return requests;
    }

    /** Reads the queries of LIST_META_CONTEXT and SET_META_CONTEXT. */
    List<String> queries() throws Malformed {
        need(4);
        int count = data.getInt(); // number of queries, 4 bytes
        if (count < 0 || count > data.remaining() / 4) {
            throw new Malformed("%s queries in %d bytes".formatted(Integer.toUnsignedString(count), data.remaining()));
        }
        List<String> queries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            queries.add(string());
        }
        return queries;
    }

    void end() throws Malformed {
        if (data.hasRemaining()) {
            throw new Malformed("%d bytes more than the option needs".formatted(data.remaining()));
        }
    }

    private String text(int lengthBytes) throws Malformed {
        ByteBuffer bytes = data.slice(data.position(), lengthBytes);
        data.position(data.position() + lengthBytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("a string that is not UTF-8");
        }
    }

    private void need(int lengthBytes) throws Malformed {
        if (data.remaining() < lengthBytes) {
            throw new Malformed("%d bytes where %d are due".formatted(data.remaining(), lengthBytes));
        }
    }

    /** The option's data contradict themselves; the negotiation goes on after an error reply. */
    static final class Malformed extends Exception {
        Malformed(String message) {
            super(message);
        }
    }
}
