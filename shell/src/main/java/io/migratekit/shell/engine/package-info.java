/**
 * Opens what commands work with: settings, database, jobs and sources, in a Spring context of their own that is only
 * there once a command needs it. Knows nothing of commands. Start at {@link io.migratekit.shell.engine.Engine}.
 */
@NullMarked
package io.migratekit.shell.engine;

import org.jspecify.annotations.NullMarked;
