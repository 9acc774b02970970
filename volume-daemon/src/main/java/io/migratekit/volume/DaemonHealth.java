package io.migratekit.volume;

import java.util.List;

/**
 * How the daemon is, measured when it was asked.
 *
 * @param healthy whether every check passed
 * @param checks what was looked at
 */
public record DaemonHealth(boolean healthy, List<Check> checks) {

    /**
     * One thing that was looked at.
     *
     * @param name database, back end, exports, operations
     * @param passed whether it is well
     * @param detail what was seen
     * @param millis how long looking took
     */
    public record Check(String name, boolean passed, String detail, long millis) {}

    public DaemonHealth {
        checks = List.copyOf(checks);
    }

    /** Returns the verdict on some checks. */
    public static DaemonHealth of(List<Check> checks) {
        return new DaemonHealth(checks.stream().allMatch(Check::passed), checks);
    }
}
