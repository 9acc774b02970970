/** Tests of the accounts that vCenters are logged in to with. */
@NullMarked
package io.migratekit.job.vcenter;

import org.jspecify.annotations.NullMarked;
