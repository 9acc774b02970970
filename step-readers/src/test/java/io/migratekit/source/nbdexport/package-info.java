/** Tests of NBD exports as sources, with our own server and with real peers. */
@NullMarked
package io.migratekit.source.nbdexport;

import org.jspecify.annotations.NullMarked;
