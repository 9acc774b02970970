/** Tests of the commands on vCenters, with the engine and the lab vCenter. */
@NullMarked
package io.migratekit.shell.vcenter;

import org.jspecify.annotations.NullMarked;
