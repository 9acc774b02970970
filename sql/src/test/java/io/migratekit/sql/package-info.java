/** Shows that the migrations run, and mean the same, on every database that is supported. */
@NullMarked
package io.migratekit.sql;

import org.jspecify.annotations.NullMarked;
