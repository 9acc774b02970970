package io.migratekit.volume.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** A daemon as a process of its own, until it is killed or its input ends. */
final class DaemonProgram {
    private DaemonProgram() {}

    /** Takes the home, and then the folder of devices if the cloud of the database is to be used, else qemu serves. */
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(arguments[0]);
        if (arguments.length > 1) {
            inCloud(home, Path.of(arguments[1]));
            return;
        }
        try (DaemonRoom room = DaemonRoom.openForProcesses(home, Map.of("engine", "qemu"));
                RunningDaemon daemon = room.start(DaemonStart.Origin.ASKED_FOR)) {
            awaitEnd(daemon);
        }
    }

    private static void inCloud(Path home, Path devices) throws IOException {
        try (DaemonRoom room = DaemonRoom.openForProcesses(home, cloudSettings(devices));
                AnnotationConfigApplicationContext program = room.wired();
                RunningDaemon daemon = program.getBean(DaemonStart.class).start(DaemonStart.Origin.ASKED_FOR)) {
            awaitEnd(daemon);
        }
    }

    /** Returns the settings of a quick test in a cloud. */
    static Map<String, String> cloudSettings(Path devices) {
        return Map.of(
                "device-folder",
                devices.toString(),
                "device-timeout",
                "1s",
                "poll-interval",
                "10ms",
                "request-timeout",
                "5s");
    }

    private static void awaitEnd(RunningDaemon daemon) throws IOException {
        while (System.in.read() >= 0 && !daemon.end().isDone()) {
            // until the test ends
        }
    }

    /** Starts it as a process whose words go to the file {@code log} in the home. */
    static Process start(Path home, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DaemonProgram.class.getName(),
                home.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
                .start();
    }
}
