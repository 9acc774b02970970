/**
 * Serves devices by NBD: many named exports behind one socket, each added and removed while others go on. Knows of a
 * device only what {@link io.migratekit.nbd.server.ExportDevice} says, and nothing of volumes or jobs. Start at {@link
 * io.migratekit.nbd.server.NbdServer}; threads and locks are in nbd/CONCURRENCY.md.
 */
@NullMarked
package io.migratekit.nbd.server;

import org.jspecify.annotations.NullMarked;
