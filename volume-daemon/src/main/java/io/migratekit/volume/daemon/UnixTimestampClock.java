package io.migratekit.volume.daemon;

import io.migratekit.sql.DatabaseClock;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The database's clock, in whole seconds: a lease lasts much longer, and every database knows this function.
 *
 * @param sql the database
 */
public record UnixTimestampClock(JdbcClient sql) implements DatabaseClock {
    @Override
    public long nowMillis() {
        return 1000 * sql.sql("SELECT UNIX_TIMESTAMP()").query(Long.class).single();
    }
}
