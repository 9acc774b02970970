/**
 * The client side of NBD: negotiation, pipelined requests on one connection, and a blocking front for planning and
 * checks. Everything here is confined to the thread that drives it; nothing starts a thread. Knows nothing of disks
 * of virtual machines or jobs. Start at {@link io.migratekit.nbd.client.NbdClient}, for deep pipelines at
 * {@link io.migratekit.nbd.client.NbdPipe}.
 */
@NullMarked
package io.migratekit.nbd.client;

import org.jspecify.annotations.NullMarked;
