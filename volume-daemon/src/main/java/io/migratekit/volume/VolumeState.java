package io.migratekit.volume;

/** How a volume is. */
public enum VolumeState {
    /** Exists, and is attached to no VM. */
    AVAILABLE,
    /** Attached to a VM. */
    ATTACHED,
    /** Not what it should be; {@link Volume#reason} says why, and nothing but reconcile and delete is allowed. */
    ERROR
}
