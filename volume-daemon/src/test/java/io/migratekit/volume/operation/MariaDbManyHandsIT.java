package io.migratekit.volume.operation;

import com.zaxxer.hikari.HikariDataSource;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.sql.MariaDb;
import io.migratekit.volume.Volumes;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract with ledger and journal in a real server; each test begins with an empty database. */
@NeedsPeer({"mariadbd", "mariadb-install-db", "my_print_defaults"})
final class MariaDbManyHandsIT extends SetTurnsContract {
    private static @Nullable MariaDb server;
    private static @Nullable HikariDataSource source;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        server = MariaDb.start(data);
        server.create("volumes");
    }

    @AfterAll
    static void stop() {
        if (source != null) {
            source.close();
            source = null;
        }
        if (server != null) {
            server.close();
        }
    }

    @Override
    Database database() {
        HikariDataSource earlier = source;
        if (earlier != null) {
            return emptied(Database.of(earlier, "mysql"));
        }
        HikariDataSource made = new HikariDataSource();
        made.setJdbcUrl(
                Objects.requireNonNull(server, "MariaDB was not started").url("volumes"));
        made.setUsername("root");
        made.setPassword("");
        made.setMaximumPoolSize(4);
        made.setMinimumIdle(1);
        source = made;
        return Database.of(made, "mysql");
    }

    /** Another database for each test would take longer than all that the test does with it. */
    private static Database emptied(Database database) {
        List<String> tables = database.sql()
                .sql("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                        + " AND table_type = 'BASE TABLE' AND table_name <> 'flyway_schema_history'")
                .query(String.class)
                .list();
        database.transaction().executeWithoutResult(status -> {
            database.sql().sql("SET FOREIGN_KEY_CHECKS = 0").update();
            tables.forEach(table ->
                    database.sql().sql("DELETE FROM `%s`".formatted(table)).update());
            database.sql().sql("SET FOREIGN_KEY_CHECKS = 1").update();
        });
        return database;
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return daemon;
    }
}
