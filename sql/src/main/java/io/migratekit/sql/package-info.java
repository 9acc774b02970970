/**
 * What goes with the schema: the migrations (as resources), and how moments are kept in its columns. Knows nothing of
 * what the tables are for.
 */
@NullMarked
package io.migratekit.sql;

import org.jspecify.annotations.NullMarked;
