package io.migratekit.source.vcenter.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.TestImage;
import io.migratekit.source.vddk.Password;
import io.migratekit.source.vddk.ServedVddkDisk;
import io.migratekit.source.vddk.VddkDisk;
import io.migratekit.source.vddk.VddkReader;
import io.migratekit.source.vddk.VddkServer;
import io.migratekit.source.vddk.VddkSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer("go")
final class LabVCenterIT {
    private static final int BLOCK = 64 << 10;
    private static final long DISK = 10 * BLOCK + 512;
    private static int number;

    @TempDir
    static Path folder;

    private static LabVCenter lab;
    private Soap soap;

    @BeforeAll
    static void start() throws Exception {
        lab = LabFixture.start(folder, LabInventory.machines(2));
    }

    @AfterAll
    static void end() throws Exception {
        lab.close();
        assertThat(folder).isDirectoryNotContaining("glob:**govcsim-*");
    }

    @BeforeEach
    void logIn() throws Exception {
        lab.control().clearScripts();
        soap = new Soap(lab.login());
        assertThat(soap.logIn().fault()).isEmpty();
    }

    @Test
    void letsNobodyInWithAnotherPasswordAndShowsStrangersNothing() throws Exception {
        Soap stranger = new Soap(lab.login());
        assertThat(stranger.logIn("guess").fault()).isEqualTo("InvalidLogin");
        assertThat(stranger.read("Folder", "group-d1", "name").fault()).isEqualTo("NotAuthenticated");
        assertThat(soap.read("Folder", "group-d1", "name").one("//val")).isEqualTo("Datacenters");
    }

    @Test
    void forgetsSessionsAndComesBackFromARestart() throws Exception {
        lab.control().expireSessions();
        assertThat(soap.read("Folder", "group-d1", "name").fault()).isEqualTo("NotAuthenticated");
        assertThat(soap.logIn().fault()).isEmpty();

        lab.control().restart(Duration.ofMillis(300));
        assertThatThrownBy(() -> soap.logIn()).isInstanceOf(IOException.class);
        assertThat(waitForLogin().fault()).isEmpty();
    }

    private Soap.Answer waitForLogin() throws Exception {
        while (true) {
            try {
                return soap.logIn();
            } catch (IOException stillDown) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void failsTheCallAndTheTaskThatAScriptNames() throws Exception {
        LabMachine machine = tracked(DISK);
        String snapshot = machine.takeSnapshot("one");
        lab.control().script(LabScript.call("QueryChangedDiskAreas").after(1).fault("NotAuthenticated"));
        assertThat(query(machine, snapshot, 0, "*").fault()).isEmpty();
        assertThat(query(machine, snapshot, 0, "*").fault()).isEqualTo("NotAuthenticated");
        assertThat(query(machine, snapshot, 0, "*").fault()).isEmpty();

        lab.control()
                .script(LabScript.call("QueryChangedDiskAreas")
                        .every(2)
                        .times(2)
                        .expiringSessions());
        for (int page = 0; page < 2; page++) {
            assertThat(query(machine, snapshot, 0, "*").fault()).isEqualTo("NotAuthenticated");
            assertThat(soap.logIn().fault()).isEmpty();
            assertThat(query(machine, snapshot, 0, "*").fault()).isEmpty();
        }
        assertThat(query(machine, snapshot, 0, "*").fault()).isEmpty();

        lab.control()
                .script(LabScript.task("CreateSnapshot")
                        .of(machine.reference())
                        .fault("FileFault")
                        .details("{\"File\": \"x.vmdk\"}"));
        assertThat(takeSnapshot(machine, false).fault()).isEqualTo("FileFault");
        assertThat(takeSnapshot(machine, false).one("//state")).isEqualTo("success");
    }

    @Test
    void letsATaskStandStillUntilItIsReleased() throws Exception {
        LabMachine machine = tracked(DISK);
        lab.control().script(LabScript.task("ConsolidateVMDisks").frozen());
        String task = soap.call("ConsolidateVMDisks_Task", "VirtualMachine", machine.reference(), "")
                .one("//returnval");
        assertThat(soap.read("Task", task, "info.state").one("//val")).isEqualTo("running");
        lab.control().release();
        while (!soap.read("Task", task, "info.state").one("//val").equals("success")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void tracksChangesFromTheFirstStunOn() throws Exception {
        LabMachine machine =
                lab.control().create(spec().disk(DISK).disk(DISK, "seSparse", "persistent", "sharingNone"));
        machine.write(2000, 0, bytes("before"));
        String untracked = machine.takeSnapshot("before");
        assertThat(changeIds(untracked)).isEmpty();
        machine.removeSnapshot(untracked);

        enable(machine);
        machine.removeSnapshot(machine.takeSnapshot("stun"));
        String first = machine.takeSnapshot("first");
        List<String> ids = changeIds(first);
        assertThat(ids).hasSize(2).allMatch(id -> id.matches("52 [0-9a-f -]+/1"));
        assertThat(areas(query(machine, first, 0, "*"))).containsExactly("0+65536");

        machine.write(2000, 3 * BLOCK - 1, bytes("ab"));
        machine.write(2000, DISK - 1, bytes("z"));
        machine.removeSnapshot(first);
        String second = machine.takeSnapshot("second");
        machine.write(2000, 7 * BLOCK, bytes("later"));

        assertThat(areas(query(machine, second, 0, ids.get(0))))
                .containsExactly(2 * BLOCK + "+" + 2 * BLOCK, 10 * BLOCK + "+512");
        assertThat(query(machine, second, DISK, ids.get(0)).fault()).isEqualTo("InvalidArgument");
        assertThat(query(machine, second, 0, "52 00/1").fault()).isEqualTo("FileFault");
        assertThat(query(machine, second, 0, "junk").fault()).isEqualTo("InvalidArgument");
        assertThat(query(machine, first, 0, ids.get(0)).fault()).isEqualTo("ManagedObjectNotFound");

        machine.resetTracking(2000);
        machine.removeSnapshot(second);
        String third = machine.takeSnapshot("third");
        assertThat(query(machine, third, 0, ids.get(0)).fault()).isEqualTo("FileFault");
    }

    @Test
    void freezesTheBytesOfASnapshotUnderTheNameThatItsConfigurationHas() throws Exception {
        LabMachine machine = lab.control().create(spec().disk(DISK).disk(BLOCK));
        machine.write(2000, 5, bytes("then"));
        String snapshot = machine.takeSnapshot("one");
        machine.write(2000, 5, bytes("now!"));

        String then = soap.read("VirtualMachineSnapshot", snapshot, "config.hardware.device")
                .one("//*[key=2000]/backing/fileName");
        String now = soap.read("VirtualMachine", machine.reference(), "config.hardware.device")
                .one("//*[key=2000]/backing/fileName");
        assertThat(now).isNotEqualTo(then).endsWith("-000001.vmdk");
        Path images = lab.images().resolve(machine.reference());
        assertThat(bytesOf(images.resolve(snapshot).resolve(then))).isEqualTo("then");
        assertThat(bytesOf(images.resolve("live").resolve(now))).isEqualTo("now!");

        machine.removeSnapshot(snapshot);
        assertThat(images.resolve(snapshot)).doesNotExist();
        assertThat(bytesOf(images.resolve("live").resolve(then))).isEqualTo("now!");
    }

    @Test
    @NeedsPeer("nbdkit")
    void servesFrozenBytesToWhoKnowsThePassword() throws Exception {
        LabMachine machine = lab.control().create(spec().disk(DISK));
        Path live = lab.images().resolve(machine.reference()).resolve("disks/2000.raw");
        TestImage.sparse(live, DISK, 5);
        byte[] then = TestImage.content(live);
        String snapshot = machine.takeSnapshot("one");
        machine.write(2000, 3, bytes("later"));
        String file = soap.read("VirtualMachineSnapshot", snapshot, "config.hardware.device")
                .one("//*[key=2000]/backing/fileName");

        assertThat(read(lab.login().password(), machine, Optional.of(snapshot), file))
                .isEqualTo(then);
        machine.removeSnapshot(snapshot);
        assertThat(read(lab.login().password(), machine, Optional.empty(), file))
                .isEqualTo(TestImage.content(live))
                .isNotEqualTo(then);
        assertThatThrownBy(() -> read(lab.login().password(), machine, Optional.of(snapshot), file))
                .hasMessageContaining("was not found");
        assertThatThrownBy(() -> read("guess", machine, Optional.empty(), file))
                .hasMessageContaining("incorrect user name or password");
    }

    private static byte[] read(String password, LabMachine machine, Optional<String> snapshot, String file)
            throws IOException {
        Path sockets = Files.createDirectories(folder.resolve("s"));
        VddkSettings usual = VddkSettings.defaults();
        VddkReader reader = new VddkReader(new VddkSettings(
                lab.vddk(Path.of("/usr/bin/nbdkit")),
                usual.transports(),
                usual.compression(),
                usual.connections(),
                usual.startTimeout(),
                usual.openTimeout(),
                usual.silenceMax(),
                usual.endTimeout(),
                sockets));
        LabLogin login = lab.login();
        VddkServer server =
                new VddkServer(login.url().getHost(), login.user(), Password.of(password), login.sha1Thumbprint());
        ClientOptions options = new ClientOptions(Duration.ofSeconds(10), Duration.ofSeconds(10), List.of());
        try (ServedVddkDisk disk = reader.open(server, new VddkDisk(machine.reference(), snapshot, file));
                NbdClient client = NbdClient.connect(disk.uri(), options)) {
            byte[] content = new byte[Math.toIntExact(client.export().sizeBytes())];
            client.read(0, ByteBuffer.wrap(content));
            return content;
        }
    }

    @Test
    void pagesAnswersAndBendsThem() throws Exception {
        LabMachine machine = tracked(DISK);
        String first = machine.takeSnapshot("first");
        String id = changeIds(first).get(0);
        machine.mark(2000, BLOCK, 512, 3 * BLOCK, 4);
        machine.removeSnapshot(first);
        String second = machine.takeSnapshot("second");

        machine.answer(2000, LabPages.usual().areas(2).outOfOrder());
        Soap.Answer page = query(machine, second, 0, id);
        assertThat(areas(page)).containsExactly(4 * BLOCK + "+65536", BLOCK + "+65536");
        assertThat(page.one("//returnval/length")).isEqualTo(Integer.toString(7 * BLOCK));
        assertThat(areas(query(machine, second, 7 * BLOCK, id)))
                .containsExactly(10 * BLOCK + "+512", 7 * BLOCK + "+65536");

        machine.answer(2000, LabPages.usual().emptyBetween());
        page = query(machine, second, 0, id);
        assertThat(areas(page)).isEmpty();
        assertThat(page.one("//returnval/length")).isEqualTo("65536");

        machine.answer(2000, LabPages.usual().coveringNothing(1));
        assertThat(query(machine, second, 0, id).one("//returnval/length")).isEqualTo("0");

        machine.lie(2000, 4 * BLOCK, 1);
        assertThat(areas(query(machine, second, 0, id))).hasSize(3);
    }

    @Test
    void refusesWhatTheMachineCannot() throws Exception {
        LabMachine machine = lab.control().create(spec().disk(DISK).running());
        machine.failQuiescing(true);
        assertThat(takeSnapshot(machine, true).fault()).isEqualTo("ApplicationQuiesceFault");
        assertThat(takeSnapshot(machine, false).fault()).isEmpty();
        machine.limitSnapshots(1);
        assertThat(takeSnapshot(machine, false).fault()).isEqualTo("TooManySnapshotLevels");
    }

    @Test
    void shutsGuestsDownThatHaveToolsAndListen() throws Exception {
        LabMachine machine = lab.control().create(spec().running());
        String power = "runtime.powerState";
        machine.ignoreShutdown(true);
        assertThat(shutDown(machine).fault()).isEmpty();
        assertThat(soap.read("VirtualMachine", machine.reference(), power).one("//val"))
                .isEqualTo("poweredOn");
        machine.ignoreShutdown(false);
        assertThat(shutDown(machine).fault()).isEmpty();
        assertThat(soap.read("VirtualMachine", machine.reference(), power).one("//val"))
                .isEqualTo("poweredOff");
        assertThat(soap.read("VirtualMachine", machine.reference(), "guest.toolsRunningStatus")
                        .one("//val"))
                .isEqualTo("guestToolsNotRunning");
        LabMachine withoutTools = lab.control().create(spec());
        soap.run("PowerOnVM", "VirtualMachine", withoutTools.reference(), "");
        assertThat(shutDown(withoutTools).fault()).isEqualTo("ToolsUnavailable");
    }

    private Soap.Answer shutDown(LabMachine machine) throws Exception {
        return soap.call("ShutdownGuest", "VirtualMachine", machine.reference(), "");
    }

    @Test
    void leavesDisksToBeConsolidated() throws Exception {
        LabMachine machine = lab.control().create(spec().disk(DISK));
        machine.leaveUnconsolidated();
        machine.removeSnapshot(machine.takeSnapshot("one"));
        String needed = "runtime.consolidationNeeded";
        assertThat(soap.read("VirtualMachine", machine.reference(), needed).one("//val"))
                .isEqualTo("true");
        soap.run("ConsolidateVMDisks", "VirtualMachine", machine.reference(), "");
        assertThat(soap.read("VirtualMachine", machine.reference(), needed).one("//val"))
                .isEqualTo("false");
    }

    @Test
    void growsAddsAndRemovesDisksAndMovesMachines() throws Exception {
        LabMachine machine = tracked(DISK);
        String id = changeIds(machine.takeSnapshot("one")).get(0);
        machine.removeSnapshot("one");
        machine.grow(2000, 2 * DISK);
        int added = machine.addDisk(BLOCK);
        String second = machine.takeSnapshot("two");
        assertThat(soap.read("VirtualMachineSnapshot", second, "config.hardware.device")
                        .all("//*[key>=2000]/capacityInBytes"))
                .containsExactly(Long.toString(2 * DISK), Integer.toString(BLOCK));
        assertThat(query(machine, second, 0, id).fault()).isEqualTo("FileFault");

        machine.removeSnapshot("two");
        machine.removeDisk(added);
        machine.rename("größer/100%");
        machine.move("prod/web");
        assertThat(soap.read("VirtualMachine", machine.reference(), "name").one("//val"))
                .isEqualTo("größer%2f100%25");
        machine.delete();
        assertThat(soap.read("VirtualMachine", machine.reference(), "name").fault())
                .isEqualTo("ManagedObjectNotFound");
    }

    @Test
    void connectsCardsToNetworksOfAllKinds() throws Exception {
        LabMachine machine = lab.control()
                .create(spec().firmware("efi")
                        .nic("vmxnet3", "VM Network")
                        .nic("e1000e", "DC0_DVPG0")
                        .nic("vmxnet3", "DC0_NSX0"));
        Soap.Answer devices = soap.read("VirtualMachine", machine.reference(), "config.hardware.device");
        assertThat(devices.all("//*[macAddress]/backing/@type"))
                .containsExactly(
                        "VirtualEthernetCardNetworkBackingInfo",
                        "VirtualEthernetCardDistributedVirtualPortBackingInfo",
                        "VirtualEthernetCardOpaqueNetworkBackingInfo");
        assertThat(devices.all("//*[macAddress]/macAddress")).doesNotHaveDuplicates();
        assertThat(soap.read("VirtualMachine", machine.reference(), "network").all("//ManagedObjectReference/@type"))
                .containsExactly("Network", "DistributedVirtualPortgroup", "OpaqueNetwork");
    }

    private static LabMachineSpec spec() {
        return LabMachineSpec.named("Büro/web " + number++);
    }

    private LabMachine tracked(long bytes) throws Exception {
        LabMachine machine = lab.control().create(spec().disk(bytes).running());
        enable(machine);
        machine.removeSnapshot(machine.takeSnapshot("stun"));
        return machine;
    }

    private void enable(LabMachine machine) throws Exception {
        Soap.Answer done = soap.run(
                "ReconfigVM",
                "VirtualMachine",
                machine.reference(),
                "<spec><changeTrackingEnabled>true</changeTrackingEnabled></spec>");
        assertThat(done.fault()).isEmpty();
    }

    private Soap.Answer takeSnapshot(LabMachine machine, boolean quiesce) throws Exception {
        return soap.run(
                "CreateSnapshot",
                "VirtualMachine",
                machine.reference(),
                "<name>s</name><memory>false</memory><quiesce>%s</quiesce>".formatted(quiesce));
    }

    private List<String> changeIds(String snapshot) throws Exception {
        return soap.read("VirtualMachineSnapshot", snapshot, "config.hardware.device")
                .all("//backing/changeId");
    }

    private Soap.Answer query(LabMachine machine, String snapshot, long start, String id) throws Exception {
        return soap.call(
                "QueryChangedDiskAreas", "VirtualMachine", machine.reference(), """
                <snapshot type="VirtualMachineSnapshot">%s</snapshot><deviceKey>2000</deviceKey>\
                <startOffset>%d</startOffset><changeId>%s</changeId>""".formatted(snapshot, start, id));
    }

    private static List<String> areas(Soap.Answer answer) {
        List<String> starts = answer.all("//changedArea/start");
        List<String> lengths = answer.all("//changedArea/length");
        return IntStream.range(0, starts.size())
                .mapToObj(i -> starts.get(i) + "+" + lengths.get(i))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String bytesOf(Path image) throws IOException {
        return new String(Files.readAllBytes(image), 5, 4, StandardCharsets.ISO_8859_1);
    }
}
