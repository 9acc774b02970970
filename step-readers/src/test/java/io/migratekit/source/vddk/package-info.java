/** Tests of reading through nbdkit, with a plugin that stands in for vddk. */
@NullMarked
package io.migratekit.source.vddk;

import org.jspecify.annotations.NullMarked;
