package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.wire.Handshake;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Options and their replies on the wire (protocol document, "Option haggling"); one is outstanding at a time. */
final class OptionTalk {
    private final Link link;

    /**
     * A reply to an option.
     *
     * @param data what follows the header, unread
     */
    record Reply(int type, ByteBuffer data) {
        boolean isError() {
            return (type & Handshake.REP_FLAG_ERROR) != 0;
        }

        /** Returns the server's own words in brackets, or nothing. */
        String words() {
            String text = ServerWords.of(data);
            return text.isEmpty() ? "" : " (it says: " + text + ")";
        }
    }

    OptionTalk(Link link) {
        this.link = link;
    }

    void send(int option, ByteBuffer data) throws NbdException {
        ByteBuffer message = ByteBuffer.allocate(16 + data.remaining());
        message.putLong(Handshake.OPTION_MAGIC) // IHAVEOPT, 8 bytes
                .putInt(option) // 4 bytes
                .putInt(data.remaining()) // length, 4 bytes
                .put(data);
        link.writeFully(message.flip());
    }

    Reply reply(int option) throws NbdException {
        ByteBuffer header = receive(20);
        long magic = header.getLong(); // option reply magic, 8 bytes
        int answered = header.getInt(); // option, 4 bytes
        int type = header.getInt(); // reply type, 4 bytes
        int length = header.getInt(); // length, 4 bytes
        if (magic != Handshake.OPTION_REPLY_MAGIC || answered != option) {
            throw violation("option reply %016x to option %d where %d was asked".formatted(magic, answered, option));
        }
        if (length < 0 || length > Handshake.OPTION_BYTES_MAX) {
            throw violation("option reply of %d bytes; %d is the most"
                    .formatted(length & 0xffffffffL, Handshake.OPTION_BYTES_MAX));
        }
        return new Reply(type, receive(length));
    }

    ByteBuffer receive(int lengthBytes) throws NbdException {
        ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
        link.readFully(bytes);
        return bytes.flip();
    }

    ByteBuffer need(ByteBuffer data, int lengthBytes) throws NbdException {
        if (data.remaining() < lengthBytes) {
            throw violation("option reply with %d bytes where %d are due".formatted(data.remaining(), lengthBytes));
        }
        return data;
    }

    /** Reads a string with its length (4 bytes) before it. */
    String string(ByteBuffer data) throws NbdException {
        int lengthBytes = need(data, 4).getInt();
        if (lengthBytes < 0 || lengthBytes > data.remaining()) {
            throw violation(
                    "string of %d bytes in a reply with %d".formatted(lengthBytes & 0xffffffffL, data.remaining()));
        }
        byte[] bytes = new byte[lengthBytes];
        data.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static void putString(ByteBuffer data, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        data.putInt(bytes.length).put(bytes); // length, 4 bytes; then the bytes
    }

    NbdException violation(String what) {
        return new NbdException.Violation(
                "%s breaks the NBD protocol: %s. Check that the address is that of an NBD server"
                        .formatted(link.uri(), what));
    }
}
