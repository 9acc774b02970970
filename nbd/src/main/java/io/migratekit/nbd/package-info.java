/**
 * Names of things one can reach by NBD: {@link io.migratekit.nbd.NbdUri} and the errors every part of the protocol
 * speaks in. The rooms below hold the wire format ({@code wire}), the client, the server and the TLS set-up. Knows
 * nothing of disks of virtual machines, volumes or jobs.
 */
@NullMarked
package io.migratekit.nbd;

import org.jspecify.annotations.NullMarked;
