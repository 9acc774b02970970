@NullMarked
package io.migratekit.source.vcenter;

import org.jspecify.annotations.NullMarked;
