/**
 * The numbers and layouts of the NBD protocol, written down once for client and server, in the order of the
 * protocol document (doc/proto.md of the NetworkBlockDevice project). Knows nothing of sockets or files. Start at
 * {@link io.migratekit.nbd.wire.Handshake} and {@link io.migratekit.nbd.wire.Command}.
 */
@NullMarked
package io.migratekit.nbd.wire;

import org.jspecify.annotations.NullMarked;
