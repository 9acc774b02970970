@NullMarked
package io.migratekit.source.vcenter.soap;

import org.jspecify.annotations.NullMarked;
