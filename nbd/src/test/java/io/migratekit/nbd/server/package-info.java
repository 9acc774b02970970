/**
 * Tests of the server, and what tests of other modules may use of it: {@link io.migratekit.nbd.server.MemoryDevice} to
 * serve without a file, and {@link io.migratekit.nbd.server.ExportDeviceContract} that every device must pass.
 */
@NullMarked
package io.migratekit.nbd.server;

import org.jspecify.annotations.NullMarked;
