package io.migratekit.nbd.peer;

import java.util.Arrays;
import org.opentest4j.TestAbortedException;

/**
 * What a test needs of the machine that no package brings. Where it is missing the test is skipped with the reason, or
 * fails when the system property {@code peers} is {@code required}. A machine that cannot have it, such as one whose kernel
 * has no loop devices, says so by {@code -Dpeers.absent=LOOP_DEVICE}; several are separated by commas.
 */
public enum Facility {
    /** A tmpfs may be mounted, which takes root. */
    MOUNT,
    /** A file may be attached to a loop device, which takes root and a kernel that has them. */
    LOOP_DEVICE;

    /** Returns what ends a test that found the facility missing: a failure, or a skip where that is allowed. */
    public RuntimeException missing(String reason) {
        return missing(reason, System.getProperty("peers", "auto"), System.getProperty("peers.absent", ""));
    }

    RuntimeException missing(String reason, String peers, String absent) {
        String what = "%s is missing here: %s".formatted(this, reason.strip());
        boolean allowed = Arrays.asList(absent.split(",")).contains(name());
        if (peers.equals("required") && !allowed) {
            return new IllegalStateException(
                    "%s; -Dpeers=required makes that an error, -Dpeers.absent=%s allows it".formatted(what, this));
        }
        return new TestAbortedException(what);
    }
}
