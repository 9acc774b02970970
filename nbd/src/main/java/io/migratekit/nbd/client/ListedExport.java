package io.migratekit.nbd.client;

/**
 * An export in a server's list (NBD_OPT_LIST).
 *
 * @param name name to ask for
 * @param description words of the server, possibly empty
 */
public record ListedExport(String name, String description) {}
