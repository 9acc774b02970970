package io.migratekit.job.operation;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.sql.MariaDb;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer({"mariadbd", "mariadb-install-db", "my_print_defaults"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MariaDbRetentionIT extends RetentionContract {
    private MariaDb server;
    private int databases;

    @BeforeAll
    void start(@TempDir Path shared) throws Exception {
        server = MariaDb.start(shared);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Override
    String database() throws Exception {
        String name = "retention" + databases++;
        server.create(name);
        return server.url(name);
    }

    @Override
    String user() {
        return "root";
    }
}
