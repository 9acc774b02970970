/** Tests of what serves volumes: contracts that every engine passes, and what is the engines' own. */
@NullMarked
package io.migratekit.volume.export;

import org.jspecify.annotations.NullMarked;
