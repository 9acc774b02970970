package io.migratekit.volume.operation;

import com.zaxxer.hikari.HikariDataSource;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.sql.MariaDb;
import io.migratekit.volume.Volumes;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract with ledger and journal in a real server; each test has a database of its own. */
@NeedsPeer({"mariadbd", "mariadb-install-db", "my_print_defaults"})
final class MariaDbVolumesIT extends VolumesContract {
    private static final List<HikariDataSource> SOURCES = new ArrayList<>();
    private static @Nullable MariaDb server;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        server = MariaDb.start(data);
    }

    @AfterAll
    static void stop() {
        SOURCES.forEach(HikariDataSource::close);
        SOURCES.clear();
        if (server != null) {
            server.close();
        }
    }

    @Override
    Database database() {
        MariaDb running = server;
        if (running == null) {
            throw new IllegalStateException("MariaDB was not started");
        }
        String name = "volumes" + SOURCES.size();
        try {
            running.create(name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(running.url(name));
        source.setUsername("root");
        source.setPassword("");
        source.setMaximumPoolSize(4);
        source.setMinimumIdle(1);
        SOURCES.add(source);
        return Database.of(source, "mysql");
    }

    @Override
    Site site() {
        return new MemorySite();
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return daemon;
    }
}
