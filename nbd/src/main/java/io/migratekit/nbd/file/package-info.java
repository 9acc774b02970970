/**
 * Files and block devices as export devices, with the holes of the file system seen and made. Knows nothing of the NBD
 * protocol. Start at {@link io.migratekit.nbd.file.FileDevice}.
 */
@NullMarked
package io.migratekit.nbd.file;

import org.jspecify.annotations.NullMarked;
