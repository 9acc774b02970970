/** Tests of the source side's HTTP API. */
@NullMarked
package io.migratekit.shell.vma;

import org.jspecify.annotations.NullMarked;
