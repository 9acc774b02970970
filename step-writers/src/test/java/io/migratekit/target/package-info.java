/**
 * Tests of copying and comparing: against a server that fails as told, through a proxy that cuts connections, and with
 * real peers. Start at {@link io.migratekit.target.CopyRig}.
 */
@NullMarked
package io.migratekit.target;

import org.jspecify.annotations.NullMarked;
