/** The contract of sources, run over each adapter in its own package, and what those tests share. */
@NullMarked
package io.migratekit.source;

import org.jspecify.annotations.NullMarked;
