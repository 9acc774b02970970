package io.migratekit.shell.vcenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabScript;
import io.migratekit.source.vcenter.lab.LabVCenter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A person connects a vCenter, adds a VM and replicates it, with the commands that people type. */
@NeedsPeer({"go", "nbdkit"})
final class VcenterCommandsIT {
    private static final int CAPACITY = (3 << 20) + 512;
    private static final String PATH = "/DC0/vm/prod/Büro%2fweb 01";
    private static final String QUERY = "QueryChangedDiskAreas";

    @TempDir
    Path folder;

    private LabVCenter lab;
    private OwnConsole program;
    private Guest guest;

    @BeforeEach
    void start() throws Exception {
        lab = LabFixture.start(Files.createDirectory(folder.resolve("lab")), LabInventory.empty());
        guest = new Guest(lab.control().create(spec("Büro/web 01", "prod").running()), CAPACITY);
        lab.control().create(spec("twin", "one"));
        lab.control().create(spec("twin", "two"));
        List<String> stand = lab.vddk(Path.of("/usr/bin/nbdkit")).arguments();
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(home.resolve("application.yml"), """
                migratekit:
                  chunk:
                    bytes: 1MB
                  copy:
                    window: 2MB
                  vddk:
                    plugin: sh
                    plugin-arguments: ['%s', '%s']
                    connections: 2
                """.formatted(stand.get(0), stand.get(1)));
        program = new OwnConsole(home);
    }

    private static LabMachineSpec spec(String name, String place) {
        return LabMachineSpec.named(name)
                .folder(place)
                .disk(CAPACITY)
                .disk(CAPACITY)
                .disk(CAPACITY)
                .disk(CAPACITY)
                .nic("vmxnet3", "VM Network");
    }

    @AfterEach
    void stop() throws IOException {
        program.close();
        lab.close();
    }

    @Test
    void aVmIsFoundAddedAndReplicatedThroughExpiredSessionsAndLostSnapshots() throws Exception {
        connect();
        look();
        add();
        track();

        guest.write(40);
        assertThat(replicate("start").path("bytesCopied").asLong()).isPositive();

        guest.write(3);
        lab.control().script(LabScript.call(QUERY).after(1).times(2).every(2).expiringSessions());
        assertThat(replicate("start").path("bytesCopied").asLong()).isBetween(1L, 2L * CAPACITY);

        guest.write(3);
        lab.control().script(LabScript.call(QUERY).after(2).fault("SystemError").message("the host is busy"));
        assertThat(program.run("replicate", "start", "web", "--wait").exits(1).err())
                .contains("the host is busy");
        JsonNode vm = program.run("vm", "show", "web", "--json").exits(0).json();
        assertThat(program.run("cleanup", "--vm", "web").exits(0).out()).contains("kept", "'replicate restart'");
        guest.machine().removeSnapshot("migratekit-" + vm.path("currentJobId").asString()); // somebody else does
        guest.write(3);
        JsonNode resumed = replicate("restart");
        assertThat(resumed.path("restarts").asInt()).isEqualTo(1);
        assertThat(program.run("job", "events", "web").exits(0).out()).contains("is gone at the source");

        guest.write(3);
        assertThat(replicate("start").path("bytesCopied").asLong()).isBetween(1L, 2L * CAPACITY);
        cleanUp();
        assertThat(program.run("verify", "web", "--json")
                        .exits(0)
                        .json()
                        .path("identical")
                        .asBoolean())
                .isTrue();
        lookBeforeYouLeap();
        addUnderStrangeNames();
        addFromAnotherVcenter();
    }

    /** A snapshot that could not be removed is no reason to call the copy failed, and goes later. */
    private void cleanUp() throws Exception {
        guest.write(3);
        lab.control().script(LabScript.task("RemoveSnapshot").fault("SystemError"));
        program.run("replicate", "start", "web", "--wait").exits(3);
        guest.isReplicatedTo(folder);
        JsonNode offered =
                program.run("cleanup", "--dry-run", "--json").exits(0).json();
        assertThat(offered.at("/snapshots/0/vm").asString()).isEqualTo("Büro/web 01");
        assertThat(offered.at("/snapshots/0/outcome").asString()).isEqualTo("would-be-removed");
        assertThat(program.run("cleanup", "--vm", "web").exits(0).out()).contains("removed", "has ended");
        assertThat(program.run("cleanup").exits(0).out()).contains("no snapshot of ours");
    }

    /** A VM with what makes replications fail is told so before, and what to do. */
    private void lookBeforeYouLeap() throws Exception {
        JsonNode fine = program.run("doctor", "--vm", "web", "--json").exits(0).json();
        assertThat(fine.path("findings")
                        .valueStream()
                        .map(finding -> finding.path("severity").asString()))
                .containsOnly("ok");
        lab.control()
                .create(LabMachineSpec.named("odd")
                        .disk(CAPACITY)
                        .disk(CAPACITY, "flat", "independent_persistent", "sharingNone")
                        .hardware("vmx-04"));
        assertThat(program.run("doctor", "--vm", "odd").exits(1).out())
                .contains("is independent", "--without 2001", "hardware version", "the VM was not added");
        guest.machine().takeSnapshot("before the update");
        guest.machine().addDisk(CAPACITY);
        assertThat(program.run("doctor", "--vm", "web").exits(0).out())
                .contains("1 of other people: before the update", "disk 2004", "is not replicated");
    }

    private void addUnderStrangeNames() throws Exception {
        for (String name : List.of("100%2f sure", "雪 ❄ 'x'")) {
            LabMachine made = lab.control()
                    .create(LabMachineSpec.named(name).disk(CAPACITY).running());
            JsonNode found = program.run("vm", "discover", "--filter", name, "--json")
                    .exits(0)
                    .json();
            assertThat(found.path("vms")).hasSize(1);
            isReplicated(name, made, found.at("/vms/0/path").asString());
        }
    }

    /** Its VM has the same name, path and instance UUID, and is another one. */
    private void addFromAnotherVcenter() throws Exception {
        try (LabVCenter other =
                LabFixture.start(Files.createDirectory(folder.resolve("other")), LabInventory.empty())) {
            LabMachine there = other.control()
                    .create(LabMachineSpec.named("Büro/web 01").folder("prod").disk(CAPACITY));
            assertThat(there.instanceUuid()).isEqualTo(guest.machine().instanceUuid());
            lab.readsAlso(other);
            String host =
                    other.login().url().getHost() + ":" + other.login().url().getPort();
            program.run(
                            "vcenter",
                            "add",
                            "other",
                            host,
                            "--user",
                            other.login().user(),
                            "--password-file",
                            folder.resolve("password").toString(),
                            "--thumbprint",
                            other.login().sha256Thumbprint())
                    .exits(0);
            isReplicated("web-there", there, PATH, "--vcenter", "other");
        }
    }

    /** Adds a VM, replicates it and compares. */
    private void isReplicated(String name, LabMachine made, String path, String... options) throws Exception {
        Path place = Files.createTempDirectory(folder, "replicas");
        Guest its = new Guest(made, CAPACITY);
        its.write(5);
        List<String> words = new ArrayList<>(List.of("vm", "add", name, "--from", path));
        words.addAll(List.of("--disk-target", "2000=" + Guest.replica(place, 2000)));
        words.addAll(List.of(options));
        assertThat(program.run(words.toArray(String[]::new)).exits(0).err()).doesNotContain("the same VM");
        program.run("replicate", "start", name, "--wait").exits(0);
        its.isReplicatedTo(place);
    }

    /** The certificate is not trusted before a person has compared it. */
    private void connect() throws Exception {
        Path password = Files.createFile(
                folder.resolve("password"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, lab.login().password() + "\n");
        String host = lab.login().url().getHost() + ":" + lab.login().url().getPort();
        assertThat(program.run("vm", "discover").exits(4).err()).contains("'vcenter add' adds one");
        program.run("vcenter", "add", "lab", host, "--user", lab.login().user(), "--password-file", password.toString())
                .exits(0);
        JsonNode untrusted = program.run("vcenter", "test", "--json").exits(1).json();
        assertThat(untrusted.at("/findings/0/found").asString())
                .contains("not trusted", lab.login().sha256Thumbprint());
        program.run("vcenter", "set", "lab", "--thumbprint", lab.login().sha256Thumbprint())
                .exits(0);
        JsonNode trusted =
                program.run("vcenter", "test", "lab", "--json").exits(0).json();
        assertThat(trusted.path("status").asString()).isEqualTo("ok");
        assertThat(trusted.path("instanceUuid").asString()).isEqualTo(lab.instanceUuid());
        assertThat(trusted.path("findings")
                        .valueStream()
                        .map(finding -> finding.path("what").asString()))
                .containsExactly("log-in", "certificate", "version", "privileges", "virtual machines");
    }

    private void look() throws Exception {
        JsonNode vms = program.run("vm", "discover", "--filter", "BÜRO", "--json")
                .exits(0)
                .json()
                .path("vms");
        assertThat(vms).hasSize(1);
        assertThat(vms.at("/0/path").asString()).isEqualTo(PATH);
        assertThat(vms.at("/0/datacenter").asString()).isEqualTo("DC0");
        assertThat(vms.at("/0/power").asString()).isEqualTo("on");
        assertThat(vms.at("/0/cbt").asBoolean()).isFalse();
        assertThat(vms.at("/0/disks")).hasSize(4);
        assertThat(vms.at("/0/disks/3/capacityBytes").asLong()).isEqualTo(CAPACITY);
        assertThat(vms.at("/0/nics/0/network").asString()).isEqualTo("VM Network");
        assertThat(program.run("vm", "discover").exits(0).out()).contains("Büro/web 01", "/DC0/vm/two/twin", "3 VM(s)");
    }

    private void add() throws Exception {
        assertThat(program.run("vm", "add", "x", "--from", "twin").exits(6).err())
                .contains("/DC0/vm/one/twin", "/DC0/vm/two/twin");
        assertThat(program.run("vm", "add", "x", "--from", "web").exits(4).err())
                .contains("alike are: '" + PATH);
        LabMachine machine = guest.machine();
        List<String> words = new ArrayList<>(List.of("vm", "add", "web", "--from", PATH, "--json"));
        for (int disk : machine.disks()) {
            words.add("--disk-target");
            words.add(disk + "=" + Guest.replica(folder, disk));
        }
        JsonNode added = program.run(words.toArray(String[]::new)).exits(0).json();
        int first = machine.disks().get(0);
        assertThat(added.at("/disks/0/disk").asString()).isEqualTo(Integer.toString(first));
        assertThat(added.at("/disks/0/source").asString())
                .isEqualTo("vcenter:%s/%s/%d".formatted(lab.instanceUuid(), machine.instanceUuid(), first));
        assertThat(program.run("vcenter", "remove", "lab", "--dry-run").exits(0).out())
                .contains("web");
    }

    private void track() throws Exception {
        JsonNode before = program.run("cbt", "status", "web", "--json").exits(0).json();
        assertThat(before.path("enabled").asBoolean()).isFalse();
        assertThat(before.path("possible").asBoolean()).isTrue();
        assertThat(program.run("cbt", "enable", "web", "--json")
                        .exits(0)
                        .json()
                        .path("changed")
                        .asBoolean())
                .isTrue();
        assertThat(program.run("cbt", "status", PATH).exits(0).out()).contains("are tracked.");
    }

    /** Replicates the VM and compares all replicas with what its guest wrote. */
    private JsonNode replicate(String verb) throws Exception {
        JsonNode result = program.run("replicate", verb, "web", "--wait", "--json")
                .exits(0)
                .json();
        assertThat(result.path("status").asString()).isEqualTo("completed");
        guest.isReplicatedTo(folder);
        return result;
    }
}
