/**
 * Reads properties of vCenter's objects, of many in one question. Knows nothing of what they mean. Start at {@link
 * io.migratekit.source.vcenter.property.PropertyQuestion}.
 */
@NullMarked
package io.migratekit.source.vcenter.property;

import org.jspecify.annotations.NullMarked;
