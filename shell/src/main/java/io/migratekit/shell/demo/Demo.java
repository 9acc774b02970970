package io.migratekit.shell.demo;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Units;
import io.migratekit.source.DiskKey;
import io.migratekit.source.lab.Lab;
import io.migratekit.source.lab.LabVm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Replicates a VM of an embedded hypervisor in full, then what changed, then in full again with a process that is killed
 * half-way and resumed, and proves the result twice. All in a folder of its own.
 */
public final class Demo {
    private static final String VM = "web01";
    private static final long SEED = 20261101;
    private static final int FILL_PERCENT = 55;
    private static final long[] DISK_BYTES = {768L << 20, 384L << 20, 128L << 20};
    private static final double CHURN_PERCENT = 2;
    private static final int KILL_AT_PERCENT = 40;

    private final Home home;
    private final Screen screen;
    private final Steps steps;
    private final Map<String, @Nullable Object> summary = new LinkedHashMap<>();

    private Demo(Home home, Screen screen, Steps steps) {
        this.home = home;
        this.screen = screen;
        this.steps = steps;
    }

    /**
     * Runs it.
     *
     * @param home private to this run
     * @return figures for {@code --json}
     * @throws IOException if a step fails or the result is not the same
     */
    public static Map<String, @Nullable Object> run(Home home, Screen screen) throws IOException, InterruptedException {
        home.make();
        try (Steps steps = new Steps(home, screen)) {
            return new Demo(home, screen, steps).story();
        }
    }

    private Map<String, @Nullable Object> story() throws IOException, InterruptedException {
        long beganNanos = System.nanoTime();
        LabVm vm = makeVm();
        replicateInFull();
        replicateChanges(vm);
        killAndResume(vm);
        prove(vm);
        Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
        summary.put("seconds", took.toMillis() / 1000.0);
        screen.say("");
        screen.say(
                Style.GOOD,
                "Done in %s: replicated, killed, resumed, and identical to the last byte."
                        .formatted(Units.duration(took)));
        return summary;
    }

    private LabVm makeVm() throws IOException, InterruptedException {
        steps.next("A VM with three disks in an embedded hypervisor, and where its replica goes");
        screen.say("DEMO=" + home.folder());
        LabVm vm = Lab.open(home.folder().resolve("lab")).create(VM, FILL_PERCENT, SEED, DISK_BYTES);
        List<String> words = new ArrayList<>(List.of("vm", "add", VM));
        for (DiskKey disk : vm.diskKeys()) {
            words.add("--disk");
            words.add(vm.ref(disk) + "=" + target(disk));
        }
        steps.run(words.toArray(String[]::new));
        return vm;
    }

    private void replicateInFull() throws IOException, InterruptedException {
        steps.next("The first replication copies everything that has content");
        JsonNode full = steps.run("replicate", "start", VM, "--wait");
        summary.put("fullBytes", full.path("bytesCopied").asLong());
        summary.put("fullSeconds", full.path("copySeconds").asDouble());
    }

    private void replicateChanges(LabVm vm) throws IOException, InterruptedException {
        steps.next("The guest writes, and the next replication copies what changed");
        screen.say("The guest of %s writes %s at random places."
                .formatted(VM, Units.bytes(vm.churn(SEED + 1, CHURN_PERCENT))));
        JsonNode incremental = steps.run("replicate", "start", VM, "--wait");
        summary.put("incrementalBytes", incremental.path("bytesCopied").asLong());
        summary.put("incrementalSeconds", incremental.path("copySeconds").asDouble());
    }

    private void killAndResume(LabVm vm) throws IOException, InterruptedException {
        steps.next("A replication in full is killed half-way (kill -9) and resumed");
        vm.churn(SEED + 2, CHURN_PERCENT);
        int percent = steps.kill(KILL_AT_PERCENT, "replicate", "start", VM, "--mode", "full", "--wait");
        screen.say(Style.BAD, "kill -9 at %d %%. The process is gone; no handler ran.".formatted(percent));
        JsonNode resumed = steps.run("replicate", "restart", VM, "--wait");
        summary.put("killedAtPercent", percent);
        summary.put("recopiedBytesMax", resumed.path("bytesRecopied").asLong());
        screen.say("Copied again after the kill: %s at most, what was not committed yet."
                .formatted(Units.bytes(resumed.path("bytesRecopied").asLong())));
    }

    private void prove(LabVm vm) throws IOException, InterruptedException {
        steps.next("Source and target are compared");
        steps.run("verify", VM);
        for (DiskKey disk : vm.diskKeys()) {
            long differs = Files.mismatch(vm.image(disk), target(disk));
            if (differs >= 0) {
                throw new IOException(
                        "disk %s differs at byte %d; everything is kept in %s".formatted(disk, differs, home.folder()));
            }
        }
        screen.say("Compared once more without our own code's help: the image files are the same byte for byte.");
        summary.put("identical", true);
    }

    private Path target(DiskKey disk) {
        return home.folder().resolve("replica-" + disk + ".raw");
    }
}
