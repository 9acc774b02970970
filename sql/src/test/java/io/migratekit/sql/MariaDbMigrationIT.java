package io.migratekit.sql;

import io.migratekit.nbd.peer.NeedsPeer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The migrations on a real MariaDB, through MySQL's driver as in production. */
@NeedsPeer({"mariadbd", "mariadb-install-db", "my_print_defaults"})
final class MariaDbMigrationIT extends MigrationContract {
    private final MariaDb server;

    MariaDbMigrationIT(@TempDir Path folder) throws Exception {
        server = MariaDb.start(folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    Database database() {
        return new Database(server.url("migratekit_oma"), "root", "", "mysql");
    }
}
