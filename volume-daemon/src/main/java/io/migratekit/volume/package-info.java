/**
 * The only hand on volumes: what the rest of the product may ask of them, and the values it speaks in. Every change is
 * an {@link io.migratekit.volume.Operation}, accepted at once, journaled step by step, and resumed or undone after a
 * restart. Knows nothing of sources, jobs or the console. Start at {@link io.migratekit.volume.Volumes}.
 */
@NullMarked
package io.migratekit.volume;

import org.jspecify.annotations.NullMarked;
