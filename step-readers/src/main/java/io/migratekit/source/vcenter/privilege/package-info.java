/**
 * What a user may do in a vCenter, of what replications need. Only looks. Start at {@link
 * io.migratekit.source.vcenter.privilege.Privileges}.
 */
@NullMarked
package io.migratekit.source.vcenter.privilege;

import org.jspecify.annotations.NullMarked;
