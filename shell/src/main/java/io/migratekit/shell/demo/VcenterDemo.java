package io.migratekit.shell.demo;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.screen.Screen;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabLogin;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabProgram;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vddk.VddkPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The same story with a VM of a vCenter: a simulator that we did not write, as a process of its own, to which we log in,
 * whose changed blocks we ask for and whose disks nbdkit reads with what stands in for VDDK.
 */
public final class VcenterDemo {
    private static final String VM = "web01";
    private static final String PATH = "/DC0/vm/prod/web01";
    private static final long[] DISK_BYTES = {96L << 20, 48L << 20, 32L << 20, 16L << 20};
    private static final int FILL_PIECES = 60;
    private static final int CHURN_PIECES = 6;
    private static final int PIECE_BYTES_MAX = 256 << 10;

    private final Home home;
    private final Screen screen;
    private final Steps steps;
    private final LabVCenter lab;
    private final Random random = new Random(20261126);

    private VcenterDemo(Home home, Screen screen, Steps steps, LabVCenter lab) {
        this.home = home;
        this.screen = screen;
        this.steps = steps;
        this.lab = lab;
    }

    /**
     * Sees to it that this machine has what it needs.
     *
     * @throws IOException with what is missing, and the command that installs it
     */
    public static void require() throws IOException {
        LabNeeds.require();
        LabNeeds.checkout();
    }

    /**
     * Runs it.
     *
     * @param home private to this run
     * @param builds where the simulator is kept once it is built
     * @return figures for {@code --json}
     * @throws IOException if the simulator cannot be built, a step fails, or the result is not the same
     */
    public static Map<String, @Nullable Object> run(Home home, Path builds, Screen screen)
            throws IOException, InterruptedException {
        home.make();
        screen.say("Building the lab vCenter, half a minute the first time …");
        LabProgram program = LabProgram.build(LabNeeds.checkout(), builds);
        Path folder = Files.createDirectory(home.folder().resolve("lab"));
        try (LabVCenter lab = LabVCenter.start(program, folder, LabInventory.machines(2));
                Steps steps = new Steps(home, screen)) {
            return new VcenterDemo(home, screen, steps, lab).story();
        }
    }

    private Map<String, @Nullable Object> story() throws IOException, InterruptedException {
        Story story = new Story(home, screen, steps, VM);
        LabMachine machine = connect();
        Map<Path, Path> images = add(machine);
        story.replicateInFull("The first replication copies every byte of the disks as one snapshot holds them");
        story.replicateChanges(() -> write(machine, CHURN_PIECES));
        story.killAndResume(() -> write(machine, CHURN_PIECES));
        story.prove(images);
        return story.end();
    }

    private LabMachine connect() throws IOException, InterruptedException {
        steps.next("A vCenter with a VM of four disks, and an account there");
        screen.say("DEMO=" + home.folder());
        readDisksByStandIn();
        LabMachineSpec spec = LabMachineSpec.named(VM)
                .folder("prod")
                .nic("vmxnet3", "DC0_DVPG0")
                .running();
        for (long bytes : DISK_BYTES) {
            spec.disk(bytes);
        }
        LabMachine machine = lab.control().create(spec);
        write(machine, FILL_PIECES);
        LabLogin login = lab.login();
        steps.run(
                "vcenter",
                "add",
                "lab",
                login.url().getHost() + ":" + login.url().getPort(),
                "--user",
                login.user(),
                "--password-file",
                passwordFile(login).toString(),
                "--thumbprint",
                login.sha256Thumbprint());
        steps.run("vcenter", "test", "lab");
        return machine;
    }

    /** Settings of the demonstration's own home: nbdkit runs a script in VDDK's place, once for each request. */
    private void readDisksByStandIn() throws IOException {
        VddkPlugin plugin = lab.vddk(LabNeeds.NBDKIT);
        StringBuilder settings = new StringBuilder(
                "migratekit:\n  copy:\n    request-size: 1MB\n  vddk:\n    plugin: %s\n    plugin-arguments:\n"
                        .formatted(plugin.plugin()));
        plugin.arguments().forEach(word -> settings.append("      - '%s'\n".formatted(word.replace("'", "''"))));
        Files.writeString(home.folder().resolve("application.yml"), settings);
    }

    private Path passwordFile(LabLogin login) throws IOException {
        Path file = Files.createFile(
                home.folder().resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, login.password() + "\n");
    }

    /** Returns the lab's images of the VM's disks, and their replicas. */
    private Map<Path, Path> add(LabMachine machine) throws IOException, InterruptedException {
        steps.next("The VM is found, added and its changes are tracked from now on");
        JsonNode found = steps.run("vm", "discover", "--filter", "prod").at("/vms/0");
        Map<Path, Path> images = new LinkedHashMap<>();
        List<String> words = new ArrayList<>(List.of("vm", "add", VM, "--from", PATH));
        for (JsonNode disk : found.path("disks")) {
            Path replica = home.folder()
                    .resolve("replica-%d.raw".formatted(disk.path("key").asInt()));
            images.put(image(machine, disk.path("file").asString()), replica);
            words.add("--disk-target");
            words.add("%d=%s".formatted(disk.path("key").asInt(), replica));
        }
        if (images.size() != DISK_BYTES.length) {
            throw new IOException("'vm discover' shows %d disks of %s, which has %d"
                    .formatted(images.size(), PATH, DISK_BYTES.length));
        }
        steps.run(words.toArray(String[]::new));
        steps.run("cbt", "enable", VM);
        steps.run("cbt", "status", VM);
        return images;
    }

    private Path image(LabMachine machine, String file) {
        return lab.images().resolve(machine.reference()).resolve("live").resolve(file);
    }

    private long write(LabMachine machine, int pieces) throws IOException {
        long written = 0;
        for (int i = 0; i < DISK_BYTES.length; i++) {
            for (int piece = 0; piece < pieces; piece++) {
                byte[] bytes = new byte[1 + random.nextInt(PIECE_BYTES_MAX)];
                random.nextBytes(bytes);
                long at = (long) (random.nextDouble() * (DISK_BYTES[i] - bytes.length));
                machine.write(machine.disks().get(i), at, bytes);
                written += bytes.length;
            }
        }
        return written;
    }
}
