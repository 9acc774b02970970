/** Shows that secrets open only where they belong, and that no crash loses one. */
@NullMarked
package io.migratekit.config.vault;

import org.jspecify.annotations.NullMarked;
