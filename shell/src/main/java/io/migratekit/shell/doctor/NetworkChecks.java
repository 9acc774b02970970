package io.migratekit.shell.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Loopback, unix sockets, and where the embedded database listens. */
final class NetworkChecks {
    private NetworkChecks() {}

    static List<Finding> look() {
        return List.of(loopback(), unixSockets(), databasePort());
    }

    private static Finding loopback() {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel.open(server.getLocalAddress()).close();
            return Finding.ok("loopback", "127.0.0.1 answers");
        } catch (IOException e) {
            return Finding.error("loopback", "127.0.0.1: " + e.getMessage(), "ip link set lo up");
        }
    }

    private static Finding unixSockets() {
        try {
            Path folder = Files.createTempDirectory("migratekit-doctor");
            Path socket = folder.resolve("s");
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(socket));
                SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
            } finally {
                Files.deleteIfExists(socket);
                Files.delete(folder);
            }
            return Finding.ok("unix sockets", "work in " + folder.getParent());
        } catch (IOException e) {
            return Finding.error(
                    "unix sockets", String.valueOf(e.getMessage()), "set java.io.tmpdir to a shorter, writable folder");
        }
    }

    private static Finding databasePort() {
        String bound = System.getProperty("h2.bindAddress", "");
        return bound.equals("127.0.0.1")
                ? Finding.ok("database port", "bound to 127.0.0.1 alone")
                : Finding.error("database port", "h2.bindAddress is '" + bound + "'", "start by ./migratekit");
    }
}
