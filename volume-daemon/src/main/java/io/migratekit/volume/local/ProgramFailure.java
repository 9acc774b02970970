package io.migratekit.volume.local;

import java.io.IOException;

/** A program ran and did not succeed, or did not end in time and was killed. The message has what it said. */
final class ProgramFailure extends IOException {
    private static final long serialVersionUID = 1;

    ProgramFailure(String message) {
        super(message);
    }

    /** Tells whether another process has the image open; qemu's programs lock what they use. */
    boolean inUse() {
        return String.valueOf(getMessage()).contains("Is another process using the image");
    }
}
