package io.migratekit.shell.line;

/** What the console offers for a value when TAB is pressed. */
public enum Completes {
    NOTHING,
    VM_NAMES,
    /** Names of VMs, then ids of the newest jobs. */
    VM_OR_JOB,
    /** Names of volumes. */
    VOLUMES,
    OSSEA_NAMES,
    VCENTER_NAMES,
    COMMANDS,
    FILES
}
