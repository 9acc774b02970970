/** Tests of the client: against servers that break the rules as told, and against servers that others wrote. */
@NullMarked
package io.migratekit.nbd.client;

import org.jspecify.annotations.NullMarked;
