/** Tests of the commands on vCenters, with the program that people start and the lab vCenter. */
@NullMarked
package io.migratekit.shell.vcenter;

import org.jspecify.annotations.NullMarked;
