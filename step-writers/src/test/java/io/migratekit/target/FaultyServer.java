package io.migratekit.target;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Handshake;
import io.migratekit.nbd.wire.Transmission;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small NBD server for one disk that fails as told. A crash ends all connections and loses unflushed writes at one
 * moment: nothing of the time before touches the disk afterwards.
 */
final class FaultyServer implements AutoCloseable {
    private final Path socket;
    private final FaultyDisk disk;
    private final List<SocketChannel> clients = new ArrayList<>(); // guarded by this
    private ServerSocketChannel listener;
    private int generation; // guarded by this
    private int requests; // guarded by this
    private int connections; // guarded by this
    private volatile Manner manner = Manner.usual();
    private volatile Fault fault = request -> 0;
    private volatile Answers answers = FaultyServer::send;

    /** What the server offers. */
    record Manner(int flags, int blockBytesMin, int payloadBytesMax, long extraBytes) {
        static Manner usual() {
            int flags = Transmission.HAS_FLAGS | Transmission.SEND_FLUSH | Transmission.SEND_WRITE_ZEROES;
            return new Manner(flags, 1, 32 << 20, 0);
        }

        Manner without(int flag) {
            return new Manner(flags & ~flag, blockBytesMin, payloadBytesMax, extraBytes);
        }

        Manner with(int flag) {
            return new Manner(flags | flag, blockBytesMin, payloadBytesMax, extraBytes);
        }

        Manner withBlocks(int min, int max) {
            return new Manner(flags, min, max, extraBytes);
        }

        Manner withExtraBytes(long bytes) {
            return new Manner(flags, blockBytesMin, payloadBytesMax, bytes);
        }
    }

    /** A request as the fault sees it; the index counts all requests of all connections from 0. */
    record Request(Command command, long offsetBytes, long lengthBytes, int index) {}

    /** What goes wrong. */
    interface Fault {
        /** Returns 0, or the error to answer with; throws {@link Crash} to crash before the request is done. */
        int error(Request request) throws Crash;
    }

    /** How an answer is put on the wire. */
    interface Answers {
        void send(DataOutputStream out, long cookie, int error, byte[] data) throws IOException;
    }

    /** The server dies. */
    static final class Crash extends IOException {}

    FaultyServer(Path folder, byte[] content) throws IOException {
        socket = folder.resolve("faulty-" + System.nanoTime() + ".sock");
        disk = new FaultyDisk(content);
        listener = listen();
    }

    FaultyServer manner(Manner newManner) {
        manner = newManner;
        return this;
    }

    FaultyServer fault(Fault newFault) {
        fault = newFault;
        return this;
    }

    FaultyServer answers(Answers newAnswers) {
        answers = newAnswers;
        return this;
    }

    FaultyDisk disk() {
        return disk;
    }

    NbdUri uri() {
        return NbdUri.unix(socket, "");
    }

    Path socket() {
        return socket;
    }

    synchronized int requests() {
        return requests;
    }

    /** Returns how many clients have come since the beginning. */
    synchronized int connections() {
        return connections;
    }

    /** Ends all connections and loses what was not flushed; new connections are welcome at once. */
    synchronized void crash() {
        generation++;
        disk.crash();
        clients.forEach(FaultyServer::closeQuietly);
        clients.clear();
    }

    /** Crashes, and nobody listens any more. */
    synchronized void goAway() throws IOException {
        listener.close();
        Files.deleteIfExists(socket);
        crash();
    }

    /** Listens again. */
    synchronized void comeBack() throws IOException {
        listener = listen();
    }

    @Override
    public void close() throws IOException {
        goAway();
    }

    private ServerSocketChannel listen() throws IOException {
        ServerSocketChannel opened = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        opened.bind(UnixDomainSocketAddress.of(socket));
        start(() -> accept(opened));
        return opened;
    }

    private void accept(ServerSocketChannel from) {
        while (from.isOpen()) {
            try {
                SocketChannel client = from.accept();
                int born;
                synchronized (this) {
                    clients.add(client);
                    connections++;
                    born = generation;
                }
                start(() -> serve(client, born));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(SocketChannel client, int born) {
        try (client) {
            DataInputStream in = new DataInputStream(Channels.newInputStream(client));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(client)));
            negotiate(in, out);
            answerAll(in, out, born);
        } catch (IOException e) {
            // the client is gone, or we crashed
        }
    }

    /** A crash comes before its own connection is closed: else a client that is back at once would lose two. */
    private void answerAll(DataInputStream in, DataOutputStream out, int born) throws IOException {
        try {
            while (true) {
                answer(in, out, born);
            }
        } catch (Crash e) {
            crash();
        }
    }

    private void negotiate(DataInputStream in, DataOutputStream out) throws IOException {
        out.writeLong(Handshake.NBD_MAGIC);
        out.writeLong(Handshake.OPTION_MAGIC);
        out.writeShort(Handshake.FLAG_FIXED_NEWSTYLE | Handshake.FLAG_NO_ZEROES);
        out.flush();
        in.readInt();
        int option;
        do {
            in.readLong();
            option = in.readInt();
            in.readNBytes(in.readInt());
            if (option == Handshake.OPT_GO) {
                reply(out, option, Handshake.REP_INFO, 12);
                out.writeShort(Handshake.INFO_EXPORT);
                out.writeLong(disk.sizeBytes() + manner.extraBytes());
                out.writeShort(manner.flags());
                reply(out, option, Handshake.REP_INFO, 14);
                out.writeShort(Handshake.INFO_BLOCK_SIZE);
                out.writeInt(manner.blockBytesMin());
                out.writeInt(Math.max(4096, manner.blockBytesMin()));
                out.writeInt(manner.payloadBytesMax());
            }
            reply(out, option, option == Handshake.OPT_GO ? Handshake.REP_ACK : Handshake.REP_ERR_UNSUP, 0);
            out.flush();
        } while (option != Handshake.OPT_GO);
    }

    private static void reply(DataOutputStream out, int option, int type, int lengthBytes) throws IOException {
        out.writeLong(Handshake.OPTION_REPLY_MAGIC);
        out.writeInt(option);
        out.writeInt(type);
        out.writeInt(lengthBytes);
    }

    private void answer(DataInputStream in, DataOutputStream out, int born) throws IOException {
        in.readInt(); // magic
        in.readShort(); // flags
        Command command = Command.of(in.readShort());
        long cookie = in.readLong();
        long offset = in.readLong();
        long length = in.readInt() & 0xffffffffL;
        byte[] payload = command == Command.WRITE ? in.readNBytes((int) length) : new byte[0];
        if (command == Command.DISCONNECT) {
            throw new IOException("goodbye");
        }
        byte[] data = command == Command.READ ? new byte[(int) length] : new byte[0];
        int error = perform(command, offset, length, payload, data, born);
        answers.send(out, cookie, error, data);
        out.flush();
    }

    /** Sends an answer as it has to be. */
    static void send(DataOutputStream out, long cookie, int error, byte[] data) throws IOException {
        out.writeInt(Transmission.SIMPLE_REPLY_MAGIC);
        out.writeInt(error);
        out.writeLong(cookie);
        if (error == 0) {
            out.write(data);
        }
    }

    private synchronized int perform(Command command, long offset, long length, byte[] payload, byte[] data, int born)
            throws IOException {
        if (born != generation) {
            throw new IOException("this connection is of a server that has crashed");
        }
        int error = fault.error(new Request(command, offset, length, requests++));
        if (error != 0) {
            return error;
        }
        boolean odd = (offset | length) % manner.blockBytesMin() != 0
                && !(command == Command.READ && offset + length == disk.sizeBytes());
        boolean longer = (command == Command.READ || command == Command.WRITE) && length > manner.payloadBytesMax();
        if (odd || longer || offset + length > disk.sizeBytes()) {
            return ErrorCode.EINVAL.code;
        }
        switch (command) {
            case READ -> disk.read(offset, data);
            case WRITE -> disk.write(offset, payload);
            case WRITE_ZEROES -> disk.zero(offset, length);
            case FLUSH -> disk.flush();
            case TRIM, CACHE, BLOCK_STATUS, DISCONNECT -> throw new IOException(command + " is never needed");
        }
        return 0;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "faulty server");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            // it is gone either way
        }
    }
}
