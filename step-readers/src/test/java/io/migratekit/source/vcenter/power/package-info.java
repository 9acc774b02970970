@NullMarked
package io.migratekit.source.vcenter.power;

import org.jspecify.annotations.NullMarked;
