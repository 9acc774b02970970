package io.migratekit.nbd.server;

/**
 * What a negotiation ended with.
 *
 * @param export which the connection has entered and must leave
 * @param structured whether replies may be structured
 * @param allocation whether BLOCK_STATUS tells about base:allocation
 */
record Agreement(Export export, boolean structured, boolean allocation) {}
