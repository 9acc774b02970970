/** Tests of the registries. */
@NullMarked
package io.migratekit.config.account;

import org.jspecify.annotations.NullMarked;
