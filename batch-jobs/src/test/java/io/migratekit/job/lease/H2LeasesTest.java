package io.migratekit.job.lease;

import io.migratekit.job.LedgerDatabase;

final class H2LeasesTest extends LeasesContract {
    @Override
    LedgerDatabase open() {
        return LedgerDatabase.h2();
    }
}
