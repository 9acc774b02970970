@NullMarked
package io.migratekit.source.vcenter.session;

import org.jspecify.annotations.NullMarked;
