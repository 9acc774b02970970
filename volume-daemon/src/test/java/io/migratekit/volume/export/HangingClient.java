package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.Handshake;
import io.migratekit.nbd.wire.Transmission;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client that stops in the midst of something, and stays connected. */
final class HangingClient implements AutoCloseable {
    private static final int OPT_EXPORT_NAME = 1;
    private static final int PAYLOAD_BYTES = 4096;

    private final SocketChannel socket;

    private HangingClient(NbdUri uri) throws IOException {
        socket = SocketChannel.open(UnixDomainSocketAddress.of(((NbdUri.Unix) uri.address()).path()));
    }

    /** Says nothing at all. */
    static HangingClient inGreeting(NbdUri uri) throws IOException {
        return new HangingClient(uri);
    }

    /** Sends half the header of a request. */
    static HangingClient inHeader(NbdUri uri) throws IOException {
        HangingClient client = new HangingClient(uri);
        client.choose(uri.exportName());
        client.send(write().limit(Transmission.REQUEST_BYTES / 2));
        return client;
    }

    /** Sends the header of a write, and half its data. */
    static HangingClient inPayload(NbdUri uri) throws IOException {
        HangingClient client = new HangingClient(uri);
        client.choose(uri.exportName());
        client.send(write());
        client.send(ByteBuffer.allocate(PAYLOAD_BYTES / 2));
        return client;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void choose(String exportName) throws IOException {
        receive(18); // both magics and the server's flags
        byte[] name = exportName.getBytes(StandardCharsets.UTF_8);
        send(ByteBuffer.allocate(20 + name.length)
                .putInt(3) // fixed newstyle, no zeroes, 4 bytes
                .putLong(Handshake.OPTION_MAGIC) // 8 bytes
                .putInt(OPT_EXPORT_NAME) // 4 bytes
                .putInt(name.length) // 4 bytes
                .put(name)
                .flip());
        receive(10); // size and flags
    }

    private static ByteBuffer write() {
        return ByteBuffer.allocate(Transmission.REQUEST_BYTES)
                .putInt(Transmission.REQUEST_MAGIC)
                .putShort((short) 0)
                .putShort(Command.WRITE.code)
                .putLong(1)
                .putLong(0)
                .putInt(PAYLOAD_BYTES)
                .flip();
    }

    private void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            socket.write(bytes);
        }
    }

    private void receive(int count) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(count);
        while (into.hasRemaining()) {
            if (socket.read(into) < 0) {
                throw new EOFException("the server ended the greeting");
            }
        }
    }
}
