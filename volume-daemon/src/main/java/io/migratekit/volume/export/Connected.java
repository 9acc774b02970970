package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Counts who is connected to a server of this machine, whatever process that is (proc_pid_net(5)). */
final class Connected {
    private static final Path TABLES = Path.of("/proc/self/net");
    private static final String TCP_ESTABLISHED = "01";
    private static final String UNIX_CONNECTED = "03";

    private Connected() {}

    /**
     * Returns the number of connections, those included that nobody has accepted yet. For TCP, those to the same port of
     * this machine's other addresses are counted as well.
     */
    static int at(NbdUri.Address address) throws IOException {
        return address instanceof NbdUri.Tcp tcp
                ? tcp("tcp", tcp.port()) + tcp("tcp6", tcp.port())
                : unix(((NbdUri.Unix) address).path());
    }

    /** The server's ends of connections bear its path; the clients' ends bear none. */
    private static int unix(Path socket) throws IOException {
        String path = new String(socket.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        // number, references, protocol, flags, type, state, inode, path
        return (int) rows("unix", 8).stream()
                .filter(fields ->
                        fields.get(5).equals(UNIX_CONNECTED) && fields.get(7).equals(path))
                .count();
    }

    private static int tcp(String table, int port) throws IOException {
        if (!Files.exists(TABLES.resolve(table))) {
            return 0; // a kernel without IPv6
        }
        String end = ":%04X".formatted(port);
        // slot, local address, remote address, state, ...
        return (int) rows(table, 5).stream()
                .filter(fields ->
                        fields.get(3).equals(TCP_ESTABLISHED) && fields.get(1).endsWith(end))
                .count();
    }

    /** Returns the rows with that many fields; the last one holds all that follows. Paths are bytes, whatever they mean. */
    private static List<List<String>> rows(String table, int fields) throws IOException {
        return Files.readAllLines(TABLES.resolve(table), StandardCharsets.ISO_8859_1).stream()
                .map(line -> List.of(line.strip().split(" +", fields)))
                .filter(row -> row.size() == fields)
                .toList();
    }
}
