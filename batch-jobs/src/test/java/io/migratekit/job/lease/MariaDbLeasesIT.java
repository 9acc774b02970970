package io.migratekit.job.lease;

import io.migratekit.job.LedgerDatabase;
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
final class MariaDbLeasesIT extends LeasesContract {
    private final Server server = new Server();
    private int databases;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        server.mariaDb = MariaDb.start(folder);
    }

    @AfterAll
    void stop() {
        server.running().close();
    }

    @Override
    LedgerDatabase open() throws Exception {
        String name = "leases" + databases++;
        server.running().create(name);
        return LedgerDatabase.mariaDb(server.running().url(name));
    }

    /** One server for all tests of the class; it takes seconds to start. */
    private static final class Server {
        private @Nullable MariaDb mariaDb;

        MariaDb running() {
            MariaDb started = mariaDb;
            if (started == null) {
                throw new IllegalStateException("MariaDB was not started");
            }
            return started;
        }
    }
}
