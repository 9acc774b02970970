package io.migratekit.sql;

import io.migratekit.nbd.peer.NeedsPeer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The migrations on a real MariaDB, through MySQL's driver as in production. */
@NeedsPeer({"mariadbd", "mariadb-install-db", "my_print_defaults"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MariaDbMigrationIT extends MigrationContract {
    private MariaDb server;
    private int databases;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        server = MariaDb.start(folder);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Override
    Database database() throws Exception {
        String name = "migrations" + databases++;
        server.create(name);
        return new Database(server.url(name), "root", "", "mysql");
    }
}
