package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Looks whether somebody listens at an address of this machine. */
final class Listening {
    /** Of a unix socket's path, sun_path in unix(7) less its end. */
    private static final int PATH_BYTES_MAX = 107;

    private Listening() {}

    /** Connects and leaves again; servers take that for a client that went away. */
    static boolean at(NbdUri.Address address) {
        try (SocketChannel probe = SocketChannel.open(socketAddress(address))) {
            // A port that nobody listens at may be the very one that the system gives the probe: TCP then connects to
            // itself.
            return probe.isConnected() && !probe.getLocalAddress().equals(probe.getRemoteAddress());
        } catch (IOException e) {
            return false; // nobody there, which is all that was asked
        }
    }

    /** Checks a unix socket's path before anything is begun. */
    static void checkPath(Path socket) {
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > PATH_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the socket %s has a path of %d bytes; %d are possible. Choose a shorter MIGRATEKIT_HOME, or a shorter migratekit.volumes.listen if that names it"
                            .formatted(socket, bytes, PATH_BYTES_MAX));
        }
    }

    private static SocketAddress socketAddress(NbdUri.Address address) {
        return address instanceof NbdUri.Tcp tcp
                ? new InetSocketAddress(tcp.host(), tcp.port())
                : UnixDomainSocketAddress.of(((NbdUri.Unix) address).path());
    }
}
