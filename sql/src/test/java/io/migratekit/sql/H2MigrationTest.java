package io.migratekit.sql;

import java.util.UUID;

/** The migrations on H2 in memory, in the mode that the embedded default uses. */
final class H2MigrationTest extends MigrationContract {
    @Override
    Database database() {
        return new Database(
                "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                        .formatted(UUID.randomUUID()),
                "sa",
                "",
                "h2");
    }
}
