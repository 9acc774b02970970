package io.migratekit.volume.export;

import java.io.IOException;

/** QEMU's answer to a command is an error; the connection goes on. */
final class QmpRefusal extends IOException {
    QmpRefusal(String command, String errorClass, String description) {
        super("qemu-storage-daemon refuses %s: %s (%s)".formatted(command, description, errorClass));
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
