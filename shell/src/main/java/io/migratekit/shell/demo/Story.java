package io.migratekit.shell.demo;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What every demonstration does with its VM once it is added, and the figures that come of it. */
final class Story {
    private static final int KILL_AT_PERCENT = 40;

    private final Home home;
    private final Screen screen;
    private final Steps steps;
    private final String vm;
    private final Map<String, @Nullable Object> summary = new LinkedHashMap<>();
    private final long beganNanos = System.nanoTime();

    Story(Home home, Screen screen, Steps steps, String vm) {
        this.home = home;
        this.screen = screen;
        this.steps = steps;
        this.vm = vm;
    }

    /** Lets the guest write. */
    @FunctionalInterface
    interface Guest {
        /** Returns how many bytes it wrote. */
        long writes() throws IOException;
    }

    void replicateInFull(String title) throws IOException, InterruptedException {
        steps.next(title);
        JsonNode full = steps.run("replicate", "start", vm, "--wait");
        summary.put("fullBytes", full.path("bytesCopied").asLong());
        summary.put("fullSeconds", full.path("copySeconds").asDouble());
    }

    void replicateChanges(Guest guest) throws IOException, InterruptedException {
        steps.next("The guest writes, and the next replication copies what changed");
        screen.say("The guest of %s writes %s at random places.".formatted(vm, Units.bytes(guest.writes())));
        JsonNode incremental = steps.run("replicate", "start", vm, "--wait");
        summary.put("incrementalBytes", incremental.path("bytesCopied").asLong());
        summary.put("incrementalSeconds", incremental.path("copySeconds").asDouble());
    }

    void killAndResume(Guest guest) throws IOException, InterruptedException {
        steps.next("A replication in full is killed half-way (kill -9) and resumed");
        guest.writes();
        int percent = steps.kill(KILL_AT_PERCENT, "replicate", "start", vm, "--mode", "full", "--wait");
        screen.say(Style.BAD, "kill -9 at %d %%. The process is gone; no handler ran.".formatted(percent));
        JsonNode resumed = steps.run("replicate", "restart", vm, "--wait");
        summary.put("killedAtPercent", percent);
        summary.put("recopiedBytesMax", resumed.path("bytesRecopied").asLong());
        screen.say("Copied again after the kill: %s at most, what was not committed yet."
                .formatted(Units.bytes(resumed.path("bytesRecopied").asLong())));
    }

    /** @param images the image that holds each disk's bytes at its source, and the one that holds its replica */
    void prove(Map<Path, Path> images) throws IOException, InterruptedException {
        steps.next("Source and target are compared");
        steps.run("verify", vm);
        for (Map.Entry<Path, Path> disk : images.entrySet()) {
            long differs = Files.mismatch(disk.getKey(), disk.getValue());
            if (differs >= 0) {
                throw new IOException("%s differs from %s at byte %d; everything is kept in %s"
                        .formatted(disk.getValue(), disk.getKey(), differs, home.folder()));
            }
        }
        screen.say("Compared once more without our own code's help: the image files are the same byte for byte.");
        summary.put("identical", true);
    }

    /** Ends it, and returns the figures. */
    Map<String, @Nullable Object> end() {
        Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
        summary.put("seconds", took.toMillis() / 1000.0);
        screen.say("");
        screen.say(
                Style.GOOD,
                "Done in %s: replicated, killed, resumed, and identical to the last byte."
                        .formatted(Units.duration(took)));
        return summary;
    }
}
