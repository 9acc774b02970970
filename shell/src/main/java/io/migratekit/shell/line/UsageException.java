package io.migratekit.shell.line;

/** The line typed makes no command; its message says what is wrong and what to type instead. Exit code 2. */
public final class UsageException extends RuntimeException {
    public UsageException(String message) {
        super(message);
    }
}
