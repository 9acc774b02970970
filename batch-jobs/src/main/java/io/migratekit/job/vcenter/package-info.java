/**
 * Joins vCenters as sources with the accounts and settings that are kept for them. Knows nothing of what is asked there.
 * Start at {@link io.migratekit.job.vcenter.VCenterAccountConfiguration}.
 */
@NullMarked
package io.migratekit.job.vcenter;

import org.jspecify.annotations.NullMarked;
