package io.migratekit.shell.engine;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;

/** Database or settings do not let the engine start; the message says what to do. */
public final class EngineException extends RuntimeException {
    /** H2's error codes for a file that another process holds (org.h2.api.ErrorCode). */
    private static final int H2_DATABASE_ALREADY_OPEN = 90020;

    /** H2's error codes for a process that leaves while it serves the file to us, whatever we were just reading. */
    private static final Set<Integer> H2_SERVER_LEFT = Set.of(90028, 90067, 90098, 90121);

    /** H2's error code for, among other things, a lock file that another process is just writing or removing. */
    private static final int H2_ERROR_OPENING = 8000;

    private final boolean busy;

    private EngineException(String message, boolean busy, Throwable cause) {
        super(message, cause);
        this.busy = busy;
    }

    /** Tells whether another process is in the way, so that a later try may help. */
    public boolean busy() {
        return busy;
    }

    /** Tells whether the process that served an embedded database has just ended: the next try opens the file itself. */
    static boolean serverLeft(RuntimeException failure) {
        SQLException sql = cause(failure, SQLException.class);
        return sql != null
                && (H2_SERVER_LEFT.contains(sql.getErrorCode())
                        || (sql.getErrorCode() == H2_ERROR_OPENING
                                && firstLine(sql).contains("Lock file")));
    }

    static EngineException of(RuntimeException failure) {
        SQLException sql = cause(failure, SQLException.class);
        if (sql != null && sql.getErrorCode() == H2_DATABASE_ALREADY_OPEN) {
            return new EngineException(
                    "the database is locked by another process: " + firstLine(sql)
                            + "; wait for that process or end it, then try again",
                    true,
                    failure);
        }
        if (sql != null) {
            return new EngineException(
                    "the database cannot be opened: " + firstLine(sql)
                            + "; check MIGRATEKIT_DB_URL, the free space and the rights on MIGRATEKIT_HOME",
                    false,
                    failure);
        }
        if (deepest(failure) instanceof ClassNotFoundException missing) {
            return new EngineException(
                    "MIGRATEKIT_DB_URL names a database that has no driver here (%s); begin it with jdbc:mysql: for MySQL and MariaDB, or with jdbc:h2:"
                            .formatted(missing.getMessage()),
                    false,
                    failure);
        }
        return new EngineException("the program cannot start: " + named(failure), false, failure);
    }

    /** A value that cannot be converted is told without its setting; our own checks of ranges name it themselves. */
    private static String named(RuntimeException failure) {
        String words = firstLine(deepest(failure));
        BindException binding = cause(failure, BindException.class);
        if (binding == null || words.contains("migratekit.")) {
            return words;
        }
        return "setting %s: %s; sizes are written as 64MB, times as 5s".formatted(binding.getName(), words);
    }

    private static String firstLine(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null
                ? thrown.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private static Throwable deepest(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause == null ? thrown : deepest(cause);
    }

    private static <T extends Throwable> @Nullable T cause(@Nullable Throwable thrown, Class<T> type) {
        if (thrown == null || type.isInstance(thrown)) {
            return type.cast(thrown);
        }
        return cause(thrown.getCause(), type);
    }
}
