@NullMarked
package io.migratekit.source.vcenter.inventory;

import org.jspecify.annotations.NullMarked;
