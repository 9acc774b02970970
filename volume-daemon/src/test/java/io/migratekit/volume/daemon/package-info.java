/** Tests of the daemon as something that runs, is found, is started and dies. */
@NullMarked
package io.migratekit.volume.daemon;

import org.jspecify.annotations.NullMarked;
