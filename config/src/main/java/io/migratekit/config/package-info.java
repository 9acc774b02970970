/**
 * Every setting, typed, with its unit, range and default. Knows nothing of what the settings are used for. Start at
 * {@link io.migratekit.config.MigrateKitSettings}.
 */
@NullMarked
package io.migratekit.config;

import org.jspecify.annotations.NullMarked;
