/** Shows that settings bind and refuse. */
@NullMarked
package io.migratekit.config;

import org.jspecify.annotations.NullMarked;
