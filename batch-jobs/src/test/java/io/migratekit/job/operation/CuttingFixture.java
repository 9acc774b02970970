package io.migratekit.job.operation;

import io.migratekit.job.JobsApp;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Jobs over an empty database whose copies can be cut, and a lab. */
abstract class CuttingFixture {
    static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    String database = "";
    JobsApp app;
    LabFixture lab;
    CuttingCopies copies;

    @BeforeEach
    final void start() throws Exception {
        database = JobsApp.memoryDatabase();
        app = CuttingCopies.app(folder, database);
        copies = app.get(CuttingCopies.class);
        lab = new LabFixture(folder);
    }

    @AfterEach
    final void stop() {
        app.close();
    }
}
