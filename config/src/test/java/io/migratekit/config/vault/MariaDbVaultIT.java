package io.migratekit.config.vault;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.sql.MariaDb;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer({"mariadbd", "mariadb-install-db", "my_print_defaults"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MariaDbVaultIT extends VaultContract {
    private @Nullable MariaDb server;
    private int databases;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        server = MariaDb.start(data);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    SealedDatabase open() throws Exception {
        MariaDb running = server;
        if (running == null) {
            throw new IllegalStateException("MariaDB was not started");
        }
        String name = "vault" + databases++;
        running.create(name);
        return SealedDatabase.mariaDb(running.url(name));
    }
}
