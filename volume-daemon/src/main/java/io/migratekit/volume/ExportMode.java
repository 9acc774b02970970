package io.migratekit.volume;

/** What an attached volume is for. */
public enum ExportMode {
    /** Attached to this appliance, to be written by replications; may be exported. */
    OMA,
    /** Attached to a VM that runs from it, or may soon; never exported. */
    FAILOVER
}
