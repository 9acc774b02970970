/** Tests of the words that all rooms of this module use. */
@NullMarked
package io.migratekit.nbd;

import org.jspecify.annotations.NullMarked;
