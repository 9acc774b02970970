package io.migratekit.nbd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.Handshake;
import io.migratekit.nbd.wire.Transmission;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends what the test says, right or wrong. */
final class RawClient implements AutoCloseable {
    private final SocketChannel socket;
    private long lastCookie;

    private RawClient(SocketChannel socket) {
        this.socket = socket;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record OptionReply(int option, int type, byte[] data) {
        String text() {
            return new String(data, StandardCharsets.UTF_8);
        }

        ByteBuffer fields() {
            return ByteBuffer.wrap(data);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Chunk(int flags, int type, long cookie, byte[] payload) {
        ByteBuffer fields() {
            return ByteBuffer.wrap(payload);
        }

        /** The error of an error chunk. */
        int error() {
            assertThat(type).isEqualTo(Transmission.REPLY_ERROR);
            return fields().getInt();
        }

        boolean done() {
            return (flags & Transmission.REPLY_DONE) != 0;
        }
    }

    static RawClient connect(NbdServer server) throws IOException {
        SocketAddress address = server.address() instanceof NbdUri.Unix unix
                ? UnixDomainSocketAddress.of(unix.path())
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), ((NbdUri.Tcp) server.address()).port());
        return new RawClient(SocketChannel.open(address));
    }

    /** Connects and exchanges greetings. */
    static RawClient greeted(NbdServer server) throws IOException {
        RawClient client = connect(server);
        ByteBuffer greeting = client.receive(18);
        assertThat(greeting.getLong()).isEqualTo(Handshake.NBD_MAGIC);
        assertThat(greeting.getLong()).isEqualTo(Handshake.OPTION_MAGIC);
        assertThat(greeting.getShort()).isEqualTo((short) 3);
        client.send(bytes(4).putInt(3));
        return client;
    }

    /** Connects and chooses an export by GO. */
    static RawClient into(NbdServer server, String export, boolean structured) throws IOException {
        RawClient client = greeted(server);
        if (structured) {
            client.option(Handshake.OPT_STRUCTURED_REPLY, new byte[0]);
            assertThat(client.optionReply().type()).isEqualTo(Handshake.REP_ACK);
            client.option(Handshake.OPT_SET_META_CONTEXT, contexts(export, Transmission.BASE_ALLOCATION));
            client.lastOptionReply();
        }
        client.option(Handshake.OPT_GO, choice(export));
        assertThat(client.lastOptionReply().type()).isEqualTo(Handshake.REP_ACK);
        return client;
    }

    SocketChannel socket() {
        return socket;
    }

    static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    /** Data of GO and INFO. */
    static byte[] choice(String export, int... informations) {
        byte[] name = export.getBytes(StandardCharsets.UTF_8);
        ByteBuffer data = ByteBuffer.allocate(4 + name.length + 2 + 2 * informations.length);
        data.putInt(name.length).put(name).putShort((short) informations.length);
        for (int information : informations) {
            data.putShort((short) information);
        }
        return data.array();
    }

    /** Data of LIST_META_CONTEXT and SET_META_CONTEXT. */
    static byte[] contexts(String export, String... queries) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        string(data, export);
        data.writeBytes(bytes(4).putInt(queries.length).array());
        for (String query : queries) {
            string(data, query);
        }
        return data.toByteArray();
    }

    private static void string(ByteArrayOutputStream data, String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        data.writeBytes(bytes(4).putInt(encoded.length).array());
        data.writeBytes(encoded);
    }

    void option(int option, byte[] data) throws IOException {
        send(bytes(16 + data.length)
                .putLong(Handshake.OPTION_MAGIC)
                .putInt(option)
                .putInt(data.length)
                .put(data));
    }

    OptionReply optionReply() throws IOException {
        ByteBuffer header = receive(20);
        assertThat(header.getLong()).isEqualTo(Handshake.OPTION_REPLY_MAGIC);
        int option = header.getInt();
        int type = header.getInt();
        return new OptionReply(option, type, receiveBytes(header.getInt()));
    }

    /** Reads replies up to the one that ends the answer. */
    List<OptionReply> optionReplies() throws IOException {
        List<OptionReply> replies = new ArrayList<>();
        OptionReply reply;
        do {
            reply = optionReply();
            replies.add(reply);
        } while (reply.type() > 1);
        return replies;
    }

    OptionReply lastOptionReply() throws IOException {
        List<OptionReply> replies = optionReplies();
        return replies.get(replies.size() - 1);
    }

    static byte[] request(int flags, int type, long cookie, long offsetBytes, long lengthBytes) {
        return bytes(28)
                .putInt(Transmission.REQUEST_MAGIC)
                .putShort((short) flags)
                .putShort((short) type)
                .putLong(cookie)
                .putLong(offsetBytes)
                .putInt((int) lengthBytes)
                .array();
    }

    void request(Command command, int flags, long offsetBytes, long lengthBytes) throws IOException {
        send(request(flags, command.code, ++lastCookie, offsetBytes, lengthBytes));
    }

    void write(long offsetBytes, byte[] payload, int flags) throws IOException {
        request(Command.WRITE, flags, offsetBytes, payload.length);
        send(payload);
    }

    /** Reads a simple reply to the last request and returns its error. */
    int simpleReply() throws IOException {
        ByteBuffer reply = receive(16);
        assertThat(reply.getInt()).isEqualTo(Transmission.SIMPLE_REPLY_MAGIC);
        int error = reply.getInt();
        assertThat(reply.getLong()).isEqualTo(lastCookie);
        return error;
    }

    /** Reads good simple replies to the end of the stream and returns how many there were. */
    int countSimpleReplies() throws IOException {
        for (int count = 0; ; count++) {
            ByteBuffer reply = ByteBuffer.allocate(16);
            while (reply.hasRemaining()) {
                if (socket.read(reply) < 0) {
                    assertThat(reply.position()).isZero(); // no reply is cut
                    return count;
                }
            }
            assertThat(reply.getInt(0)).isEqualTo(Transmission.SIMPLE_REPLY_MAGIC);
            assertThat(reply.getInt(4)).isZero();
        }
    }

    Chunk chunk() throws IOException {
        ByteBuffer header = receive(20);
        assertThat(header.getInt()).isEqualTo(Transmission.STRUCTURED_REPLY_MAGIC);
        int flags = header.getShort() & 0xffff;
        int type = header.getShort() & 0xffff;
        long cookie = header.getLong();
        return new Chunk(flags, type, cookie, receiveBytes(header.getInt()));
    }

    void send(byte[] bytes) throws IOException {
        send(bytes(bytes.length).put(bytes));
    }

    private void send(ByteBuffer filled) throws IOException {
        filled.flip();
        while (filled.hasRemaining()) {
            socket.write(filled);
        }
    }

    ByteBuffer receive(int count) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(count);
        while (into.hasRemaining()) {
            if (socket.read(into) < 0) {
                throw new EOFException("the server closed after %d of %d bytes".formatted(into.position(), count));
            }
        }
        return into.flip();
    }

    byte[] receiveBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        receive(count).get(bytes);
        return bytes;
    }

    /** Tells whether the server ends the connection, whatever it says before. */
    boolean ended() {
        try {
            ByteBuffer into = ByteBuffer.allocate(4096);
            while (socket.read(into.clear()) >= 0) {
                // what it says does not matter
            }
        } catch (IOException e) {
            return true; // a reset is an end too
        }
        return true;
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
