package io.migratekit.nbd.server;

import io.migratekit.nbd.NbdUri;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A listening socket, unix or TCP. */
final class Listener implements Closeable {
    private static final int BACKLOG = 128;

    /** Asked of the kernel for unix sockets, whose default is small; it may grant less. */
    private static final int UNIX_SEND_BUFFER_BYTES = 1 << 20;

    private final ServerSocketChannel channel;
    private final NbdUri.Address address;

    private Listener(ServerSocketChannel channel, NbdUri.Address address) {
        this.channel = channel;
        this.address = address;
    }

    static Listener open(NbdUri.Address address) throws IOException {
        return address instanceof NbdUri.Tcp tcp ? openTcp(tcp) : openUnix(((NbdUri.Unix) address).path());
    }

    NbdUri.Address address() {
        return address;
    }

    SocketChannel accept() throws IOException {
        return channel.accept();
    }

    static void tune(SocketChannel socket) throws IOException {
        if (socket.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        } else {
            socket.setOption(StandardSocketOptions.SO_SNDBUF, UNIX_SEND_BUFFER_BYTES);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (address instanceof NbdUri.Unix unix) {
            Files.deleteIfExists(unix.path());
        }
    }

    private static Listener openTcp(NbdUri.Tcp tcp) throws IOException {
        InetSocketAddress wanted = new InetSocketAddress(tcp.host(), tcp.port());
        if (wanted.isUnresolved()) {
            throw new IOException("the name '%s' to listen on is unknown".formatted(tcp.host()));
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(wanted, BACKLOG);
            int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            return new Listener(channel, new NbdUri.Tcp(tcp.host(), port));
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "NBD cannot listen on %s port %d: %s. Choose another port, or end what listens there"
                            .formatted(tcp.host(), tcp.port(), e.getMessage()),
                    e);
        }
    }

    private static Listener openUnix(Path path) throws IOException {
        removeStale(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return new Listener(channel, new NbdUri.Unix(path));
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "NBD cannot listen on the unix socket %s: %s. Check that its folder exists and that the path is short (107 bytes)"
                            .formatted(path, e.getMessage()),
                    e);
        }
    }

    /** Only a socket that nobody answers on is removed; any other file stays and lets the bind fail. */
    private static void removeStale(Path path) throws IOException {
        if (!Files.exists(path) || Files.isRegularFile(path) || Files.isDirectory(path)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            Files.deleteIfExists(path);
            return;
        }
        throw new IOException(
                "another server listens on the unix socket %s; end it or take another path".formatted(path));
    }
}
