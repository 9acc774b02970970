/**
 * A vCenter to try things on: govmomi's simulator as a process of its own, with change tracking over disk images and
 * with faults on request. Its Go sources are in {@code step-readers/src/lab/go}; they are built where Go and Debian's
 * govmomi are installed. Knows nothing of the adapter that talks to it: what is in here only builds, starts, steers and
 * ends it. Start at {@link io.migratekit.source.vcenter.lab.LabVCenter}.
 */
@NullMarked
package io.migratekit.source.vcenter.lab;

import org.jspecify.annotations.NullMarked;
