/** Tests of files and block devices as export devices. */
@NullMarked
package io.migratekit.nbd.file;

import org.jspecify.annotations.NullMarked;
