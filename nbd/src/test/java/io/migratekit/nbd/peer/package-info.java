/**
 * Real NBD servers and tools from Debian packages for the tests of every module: which ones a test needs, how they are
 * started and ended. Knows nothing of what is tested. Start at {@link io.migratekit.nbd.peer.NeedsPeer}, {@link
 * io.migratekit.nbd.peer.Facility} and {@link io.migratekit.nbd.peer.Peer}.
 */
@NullMarked
package io.migratekit.nbd.peer;

import org.jspecify.annotations.NullMarked;
