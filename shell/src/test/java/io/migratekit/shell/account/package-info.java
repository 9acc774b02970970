/** Shows what a person sees of clouds and vCenters, and that no secret is anywhere but where it belongs. */
@NullMarked
package io.migratekit.shell.account;

import org.jspecify.annotations.NullMarked;
