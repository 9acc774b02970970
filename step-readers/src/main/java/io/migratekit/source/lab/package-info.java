/**
 * An embedded hypervisor in a folder: machines with several disks, consistent snapshots of all of them, change ids and
 * paged change queries, and faults on demand. For the demo and for tests; it survives the death of its process and may
 * be used by several at once. Knows nothing of jobs. Start at {@link io.migratekit.source.lab.Lab}.
 *
 * <pre>
 * LAB/faults.properties                 see LabFaults
 * LAB/VM/lock                           held while the machine is written, changed or frozen
 * LAB/VM/vm.properties                  power, sequence, disks with capacity and lineage of their change ids
 * LAB/VM/disks/KEY.raw                  what the guest sees now
 * LAB/VM/changes/KEY.SEQUENCE           areas written while SEQUENCE was current, 16 bytes each
 * LAB/VM/snapshots/ID/                  snapshot.properties and KEY.raw; there wholly or not at all
 * </pre>
 *
 * A change is noted before it is written, and the sequence grows before a snapshot copies the disks: a process killed
 * anywhere reports too much at most, never too little.
 */
@NullMarked
package io.migratekit.source.lab;

import org.jspecify.annotations.NullMarked;
