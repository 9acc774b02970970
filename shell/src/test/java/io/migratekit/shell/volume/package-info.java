/** Tests of the commands on volumes over a real daemon in this process. */
@NullMarked
package io.migratekit.shell.volume;

import org.jspecify.annotations.NullMarked;
