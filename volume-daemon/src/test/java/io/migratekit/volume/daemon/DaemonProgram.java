package io.migratekit.volume.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A daemon as a process of its own, with the qemu engine, until it is killed or its input ends. */
final class DaemonProgram {
    private DaemonProgram() {}

    /** Takes the home. */
    public static void main(String[] arguments) throws IOException {
        try (DaemonRoom room = DaemonRoom.openForProcesses(Path.of(arguments[0]), Map.of("engine", "qemu"));
                RunningDaemon daemon = room.start(DaemonStart.Origin.ASKED_FOR)) {
            while (System.in.read() >= 0 && !daemon.end().isDone()) {
                // until the test ends
            }
        }
    }
}
