/** Rules that hold across all modules, as tests: who may know whom, and how packages and beans are made. */
@NullMarked
package io.migratekit.shell.rules;

import org.jspecify.annotations.NullMarked;
