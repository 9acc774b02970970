/**
 * TLS for both sides by the JDK alone: certificates from a folder in the layout that libnbd, nbdkit and qemu share, and
 * a channel that encrypts a stream. Knows nothing of NBD messages. Start at {@link io.migratekit.nbd.tls.TlsFiles} and
 * {@link io.migratekit.nbd.tls.TlsChannel}.
 */
@NullMarked
package io.migratekit.nbd.tls;

import org.jspecify.annotations.NullMarked;
