package io.migratekit.source.vcenter;

/** What a full copy of a disk reads. */
public enum FullPlan {
    /** Every byte. Slower on thin disks, and right wherever they are. */
    WHOLE_DISK,
    /**
     * What vSphere says is allocated; the rest counts as zero. It says so for VMFS datastores, where tracking was
     * switched on without snapshots; elsewhere the whole disk is read. A wrong answer of vSphere would lose data, which
     * only a verification finds.
     */
    ALLOCATED
}
