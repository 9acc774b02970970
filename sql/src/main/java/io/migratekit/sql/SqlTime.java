package io.migratekit.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;

/**
 * Moments as the database keeps them: DATETIME(6) in UTC. They are passed as text, since Connector/J cuts fractions of a
 * second off when the server says it is MariaDB 10.
 */
public final class SqlTime {
    private static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

    private SqlTime() {}

    /** Returns the literal for {@code moment}. */
    public static String text(Instant moment) {
        return TEXT.format(LocalDateTime.ofInstant(moment, ZoneOffset.UTC));
    }

    /** Reads a column that is never null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, LocalDateTime.class), column)
                .toInstant(ZoneOffset.UTC);
    }

    /** Reads a column that may be null. */
    public static Optional<Instant> optionalInstant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, LocalDateTime.class))
                .map(local -> local.toInstant(ZoneOffset.UTC));
    }
}
