@NullMarked
package io.migratekit.source.vcenter.tracking;

import org.jspecify.annotations.NullMarked;
