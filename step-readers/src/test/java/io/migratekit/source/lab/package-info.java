/** Tests of the lab, whole and with its faults. */
@NullMarked
package io.migratekit.source.lab;

import org.jspecify.annotations.NullMarked;
