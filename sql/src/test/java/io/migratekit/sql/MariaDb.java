package io.migratekit.sql;

import io.migratekit.nbd.peer.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * A real MariaDB server on a loopback port, with an empty data folder of its own. For tests of several modules.
 *
 * <p>Debian has no MySQL. Where there is one, {@code -Dpeers.mysqld=/usr/sbin/mysqld} runs the same tests on it.
 */
public final class MariaDb implements AutoCloseable {
    private static final String MYSQL = System.getProperty("peers.mysqld", "");

    private final Path folder;
    private final int port;
    private Peer server;

    private MariaDb(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        this.server = serve(folder, port);
    }

    /**
     * Starts a server.
     *
     * @param folder existing folder for data, socket and log; the socket's path must stay below 108 characters
     */
    public static MariaDb start(Path folder) throws IOException, SQLException {
        install(Files.createDirectory(folder.resolve("data")));
        MariaDb mariaDb = new MariaDb(folder, freePort());
        mariaDb.create("migratekit_oma");
        return mariaDb;
    }

    private static void install(Path data) {
        if (!MYSQL.isEmpty()) {
            Peer.run(
                            Duration.ofMinutes(2),
                            MYSQL,
                            "--no-defaults",
                            "--initialize-insecure",
                            "--user=root",
                            "--datadir=" + data)
                    .orFail();
            return;
        }
        // Flags of mariadb-install-db(1): "normal" gives root an empty password over TCP; the port is loopback only.
        Peer.run(
                        Duration.ofMinutes(1),
                        "mariadb-install-db",
                        "--no-defaults",
                        "--user=root",
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db",
                        "--datadir=" + data)
                .orFail();
    }

    private static Peer serve(Path folder, int port) {
        Path socket = folder.resolve("s.sock");
        return Peer.start(
                folder,
                socket,
                List.of(
                        MYSQL.isEmpty() ? "mariadbd" : MYSQL,
                        "--no-defaults",
                        "--user=root",
                        "--datadir=" + folder.resolve("data"),
                        "--socket=" + socket,
                        "--port=" + port,
                        "--bind-address=127.0.0.1",
                        "--pid-file=" + folder.resolve("pid"),
                        // An option of MySQL alone; "loose" lets MariaDB pass it over.
                        "--loose-mysqlx=OFF",
                        "--innodb-buffer-pool-size=64M"));
    }

    /** Ends the server as a crash would. */
    public void kill() {
        server.kill();
    }

    /** Starts the server again after {@link #kill}, with the same data on the same port. */
    public void startAgain() throws IOException {
        Files.deleteIfExists(
                folder.resolve("s.sock")); // left behind by the crash; its return says that the server answers
        server = serve(folder, port);
    }

    /** Returns the JDBC URL of the database {@code name}; user root, no password. */
    public String url(String name) {
        return "jdbc:mysql://127.0.0.1:%d/%s?useSSL=false&allowPublicKeyRetrieval=true".formatted(port, name);
    }

    /** Creates an empty database. */
    public void create(String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(""), "root", "");
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
