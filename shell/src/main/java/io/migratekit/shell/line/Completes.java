package io.migratekit.shell.line;

/** What the console offers for a value when TAB is pressed. */
public enum Completes {
    NOTHING,
    VM_NAMES,
    JOB_IDS,
    COMMANDS,
    FILES
}
