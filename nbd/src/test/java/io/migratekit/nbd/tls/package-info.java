/** Tests of certificates from files and of TLS over a socket. */
@NullMarked
package io.migratekit.nbd.tls;

import org.jspecify.annotations.NullMarked;
