package io.migratekit.sql;

/** The one clock that all processes share: the database's. */
@FunctionalInterface
public interface DatabaseClock {

    /** Returns milliseconds since 1970, possibly in steps of a second. */
    long nowMillis();
}
