/**
 * What the program's HTTP APIs have in common: a server with a Spring context of its own ({@link
 * io.migratekit.volume.web.WebServer}), the token of those who may ask, and failures as problems. Knows nothing of what
 * is asked for.
 */
@NullMarked
package io.migratekit.volume.web;

import org.jspecify.annotations.NullMarked;
