package io.migratekit.volume.export;

import io.migratekit.volume.ExportName;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Lets one thread at a time work on an export, and any number on different ones: a removal that waits for a slow device
 * holds up nobody else.
 */
final class NameTurns {
    private final Set<ExportName> taken = new HashSet<>(); // guarded by this

    <T> T in(ExportName name, Supplier<T> work) {
        take(name);
        try {
            return work.get();
        } finally {
            giveBack(name);
        }
    }

    private synchronized void take(ExportName name) {
        boolean interrupted = false;
        while (!taken.add(name)) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // the work itself notices it
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void giveBack(ExportName name) {
        taken.remove(name);
        notifyAll();
    }
}
