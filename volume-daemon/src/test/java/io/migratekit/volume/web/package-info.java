/** Tests of what servers have in common. */
@NullMarked
package io.migratekit.volume.web;

import org.jspecify.annotations.NullMarked;
