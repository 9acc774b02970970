package io.migratekit.volume.daemon;

import com.zaxxer.hikari.HikariDataSource;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.sql.MariaDb;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer({"mariadbd", "mariadb-install-db", "my_print_defaults"})
final class MariaDbDaemonStartIT extends DaemonStartContract {
    private static @Nullable MariaDb server;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        server = MariaDb.start(data);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    DaemonRoom room(Path home) throws Exception {
        MariaDb running = server;
        if (running == null) {
            throw new IllegalStateException("MariaDB was not started");
        }
        String name = "daemon_" + UUID.randomUUID().toString().replace('-', '_');
        running.create(name);
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(running.url(name));
        source.setUsername("root");
        source.setPassword("");
        return DaemonRoom.on(source, "mysql", home, Map.of(), source::close);
    }
}
