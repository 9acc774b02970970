/**
 * Speaks the public API of Apache CloudStack: signed requests, pages, asynchronous jobs, and what its errors mean. Knows
 * nothing of volumes, devices or the ledger. Start at {@link io.migratekit.volume.cloudstack.api.CloudStackClient}.
 */
@NullMarked
package io.migratekit.volume.cloudstack.api;

import org.jspecify.annotations.NullMarked;
