package io.migratekit.nbd.client;

import io.migratekit.nbd.wire.Handshake;
import io.migratekit.nbd.wire.Transmission;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The server's end of one connection: right messages by name, wrong ones by {@link #bytes}. */
final class ScriptedWire {
    static final int FLAGS = Transmission.HAS_FLAGS
            | Transmission.SEND_FLUSH
            | Transmission.SEND_FUA
            | Transmission.SEND_TRIM
            | Transmission.SEND_WRITE_ZEROES
            | Transmission.SEND_CACHE;
    static final long SIZE_BYTES = 1 << 20;
    static final int CONTEXT_ID = 7;

    private final SocketChannel client;

    /** An option as the client sent it. */
    record Option(int number, ByteBuffer data) {}

    /** A request as the client sent it, without its payload, which has been read. */
    record Request(int type, int flags, long cookie, long offsetBytes, long lengthBytes) {}

    ScriptedWire(SocketChannel client) {
        this.client = client;
    }

    ScriptedWire bytes(byte[] bytes) throws IOException {
        return send(ByteBuffer.wrap(bytes));
    }

    /** Greets and reads the client's flags. */
    ScriptedWire greet(int flags) throws IOException {
        send(ByteBuffer.allocate(18)
                .putLong(Handshake.NBD_MAGIC)
                .putLong(Handshake.OPTION_MAGIC)
                .putShort((short) flags)
                .flip());
        receive(4);
        return this;
    }

    /** Reads the client's flags and its options without a word. */
    void greetedOptions(int count) throws IOException {
        receive(4);
        for (int i = 0; i < count; i++) {
            option();
        }
    }

    Option option() throws IOException {
        ByteBuffer header = receive(16);
        header.getLong();
        int number = header.getInt();
        return new Option(number, receive(header.getInt()));
    }

    ScriptedWire answer(int option, int type, byte... data) throws IOException {
        return send(ByteBuffer.allocate(20 + data.length)
                .putLong(Handshake.OPTION_REPLY_MAGIC)
                .putInt(option)
                .putInt(type)
                .putInt(data.length)
                .put(data)
                .flip());
    }

    /** Negotiates as a good server does. */
    ScriptedWire negotiate(boolean structured) throws IOException {
        greet(Handshake.FLAG_FIXED_NEWSTYLE | Handshake.FLAG_NO_ZEROES);
        return options(structured, exportInfo(SIZE_BYTES, FLAGS), new byte[0]);
    }

    /**
     * Answers options up to GO.
     *
     * @param blockSizes data of NBD_INFO_BLOCK_SIZE; left out if empty
     */
    ScriptedWire options(boolean structured, byte[] exportInfo, byte[] blockSizes) throws IOException {
        while (true) {
            Option option = option();
            switch (option.number()) {
                case Handshake.OPT_STRUCTURED_REPLY ->
                    answer(option.number(), structured ? Handshake.REP_ACK : Handshake.REP_ERR_UNSUP);
                case Handshake.OPT_SET_META_CONTEXT -> {
                    answer(option.number(), Handshake.REP_META_CONTEXT, context(CONTEXT_ID, "base:allocation"));
                    answer(option.number(), Handshake.REP_ACK);
                }
                case Handshake.OPT_GO -> {
                    answer(option.number(), Handshake.REP_INFO, exportInfo);
                    if (blockSizes.length > 0) {
                        answer(option.number(), Handshake.REP_INFO, blockSizes);
                    }
                    return answer(option.number(), Handshake.REP_ACK);
                }
                default -> answer(option.number(), Handshake.REP_ERR_UNSUP);
            }
        }
    }

    Request request() throws IOException {
        ByteBuffer header = receive(Transmission.REQUEST_BYTES);
        header.getInt();
        int flags = header.getShort();
        int type = header.getShort();
        Request request = new Request(type, flags, header.getLong(), header.getLong(), header.getInt() & 0xffffffffL);
        if (type == 1) {
            receive((int) request.lengthBytes());
        }
        return request;
    }

    ScriptedWire simple(long cookie, int error, byte... data) throws IOException {
        return send(ByteBuffer.allocate(16 + data.length)
                .putInt(Transmission.SIMPLE_REPLY_MAGIC)
                .putInt(error)
                .putLong(cookie)
                .put(data)
                .flip());
    }

    ScriptedWire chunk(int flags, int type, long cookie, byte... payload) throws IOException {
        return send(chunkHeader(flags, type, cookie, payload.length)).bytes(payload);
    }

    static ByteBuffer chunkHeader(int flags, int type, long cookie, int lengthBytes) {
        return ByteBuffer.allocate(20)
                .putInt(Transmission.STRUCTURED_REPLY_MAGIC)
                .putShort((short) flags)
                .putShort((short) type)
                .putLong(cookie)
                .putInt(lengthBytes)
                .flip();
    }

    ScriptedWire send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
        return this;
    }

    /** Says nothing until the client hangs up. */
    void waitForGoodbye() throws IOException {
        ByteBuffer any = ByteBuffer.allocate(1 << 16);
        while (client.read(any.clear()) >= 0) {
            // whatever it still asks is not answered
        }
    }

    static byte[] exportInfo(long sizeBytes, int flags) {
        return ByteBuffer.allocate(12)
                .putShort((short) Handshake.INFO_EXPORT)
                .putLong(sizeBytes)
                .putShort((short) flags)
                .array();
    }

    static byte[] blockSizes(int min, int preferred, int max) {
        return ByteBuffer.allocate(14)
                .putShort((short) Handshake.INFO_BLOCK_SIZE)
                .putInt(min)
                .putInt(preferred)
                .putInt(max)
                .array();
    }

    static byte[] context(int id, String name) {
        byte[] bytes = text(name);
        return ByteBuffer.allocate(4 + bytes.length).putInt(id).put(bytes).array();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] data(long offsetBytes, byte... data) {
        return ByteBuffer.allocate(8 + data.length)
                .putLong(offsetBytes)
                .put(data)
                .array();
    }

    static byte[] hole(long offsetBytes, int lengthBytes) {
        return ByteBuffer.allocate(12).putLong(offsetBytes).putInt(lengthBytes).array();
    }

    static byte[] error(int code, String words) {
        byte[] bytes = text(words);
        return ByteBuffer.allocate(6 + bytes.length)
                .putInt(code)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
    }

    /** A BLOCK_STATUS payload: context id, then pairs of length and flags. */
    static byte[] status(int contextId, int... pairs) {
        ByteBuffer payload = ByteBuffer.allocate(4 + 4 * pairs.length).putInt(contextId);
        for (int value : pairs) {
            payload.putInt(value);
        }
        return payload.array();
    }

    static byte[] filled(int lengthBytes, int value) {
        byte[] bytes = new byte[lengthBytes];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private ByteBuffer receive(int lengthBytes) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(lengthBytes);
        while (into.hasRemaining()) {
            if (client.read(into) < 0) {
                throw new EOFException();
            }
        }
        return into.flip();
    }
}
