package io.migratekit.nbd.client;

/**
 * A run of bytes with one status in one metadata context (BLOCK_STATUS descriptor).
 *
 * @param lengthBytes at least 1
 * @param flags bits of the context: HOLE and ZERO for base:allocation, dirty for a bitmap
 */
public record StatusRun(long lengthBytes, int flags) {}
