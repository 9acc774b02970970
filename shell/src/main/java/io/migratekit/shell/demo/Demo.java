package io.migratekit.shell.demo;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.screen.Screen;
import io.migratekit.source.DiskKey;
import io.migratekit.source.lab.Lab;
import io.migratekit.source.lab.LabVm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    private final Home home;
    private final Screen screen;
    private final Steps steps;

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
        Story story = new Story(home, screen, steps, VM);
        LabVm vm = makeVm();
        story.replicateInFull("The first replication copies everything that has content");
        story.replicateChanges(() -> vm.churn(SEED + 1, CHURN_PERCENT));
        story.killAndResume(() -> vm.churn(SEED + 2, CHURN_PERCENT));
        Map<Path, Path> images = new LinkedHashMap<>();
        vm.diskKeys().forEach(disk -> images.put(vm.image(disk), target(disk)));
        story.prove(images);
        return story.end();
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

    private Path target(DiskKey disk) {
        return home.folder().resolve("replica-" + disk + ".raw");
    }
}
