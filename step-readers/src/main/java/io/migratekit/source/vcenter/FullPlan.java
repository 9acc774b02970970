package io.migratekit.source.vcenter;

/** What a full copy of a disk reads. */
public enum FullPlan {
    /**
     * What vSphere says is allocated where that is known to be right ({@link AllocationTrust}), else every byte.
     */
    TRUSTED,
    /** Every byte. Slower on thin disks, and right wherever they are. */
    WHOLE_DISK,
    /**
     * What vSphere says is allocated wherever it says anything; the rest counts as zero. A wrong answer of vSphere would lose data, which
     * only a verification finds.
     */
    ALLOCATED
}
