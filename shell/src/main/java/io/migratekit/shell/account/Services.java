package io.migratekit.shell.account;

/** Where commands get what they work with, once they need it. */
@FunctionalInterface
public interface Services {

    /** Returns the service of that type. */
    <T> T service(Class<T> type);
}
