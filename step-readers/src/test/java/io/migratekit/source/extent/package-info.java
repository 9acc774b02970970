/**
 * Tests of change maps and the run reader, with what other modules' tests share: the contract of stored segments, a
 * segment store in memory, seeds.
 */
@NullMarked
package io.migratekit.source.extent;

import org.jspecify.annotations.NullMarked;
