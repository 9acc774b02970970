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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer("go")
final class LabTrackingIT {
    @TempDir
    static Path folder;

    private static LabVCenter lab;
    private LabTalk talk;

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
        talk = LabTalk.with(lab);
    }

    @Test
    void tracksChangesFromTheFirstStunOn() throws Exception {
        LabMachine machine = lab.control()
                .create(LabTalk.spec().disk(LabTalk.DISK).disk(LabTalk.DISK, "seSparse", "persistent", "sharingNone"));
        machine.write(2000, 0, LabTalk.bytes("before"));
        String untracked = machine.takeSnapshot("before");
        assertThat(talk.changeIds(untracked)).isEmpty();
        machine.removeSnapshot(untracked);

        talk.enable(machine);
        machine.removeSnapshot(machine.takeSnapshot("stun"));
        String first = machine.takeSnapshot("first");
        List<String> ids = talk.changeIds(first);
        assertThat(ids).hasSize(2).allMatch(id -> id.matches("52 [0-9a-f -]+/1"));
        assertThat(LabTalk.areas(talk.query(machine, first, 0, "*"))).containsExactly("0+65536");

        machine.write(2000, 3 * LabTalk.BLOCK - 1, LabTalk.bytes("ab"));
        machine.write(2000, LabTalk.DISK - 1, LabTalk.bytes("z"));
        machine.removeSnapshot(first);
        String second = machine.takeSnapshot("second");
        machine.write(2000, 7 * LabTalk.BLOCK, LabTalk.bytes("later"));

        assertThat(LabTalk.areas(talk.query(machine, second, 0, ids.get(0))))
                .containsExactly(2 * LabTalk.BLOCK + "+" + 2 * LabTalk.BLOCK, 10 * LabTalk.BLOCK + "+512");
        assertThat(talk.query(machine, second, LabTalk.DISK, ids.get(0)).fault())
                .isEqualTo("InvalidArgument");
        assertThat(talk.query(machine, second, 0, "52 00/1").fault()).isEqualTo("FileFault");
        assertThat(talk.query(machine, second, 0, "junk").fault()).isEqualTo("InvalidArgument");
        assertThat(talk.query(machine, first, 0, ids.get(0)).fault()).isEqualTo("ManagedObjectNotFound");

        machine.resetTracking(2000);
        machine.removeSnapshot(second);
        String third = machine.takeSnapshot("third");
        assertThat(talk.query(machine, third, 0, ids.get(0)).fault()).isEqualTo("FileFault");
    }

    @Test
    void refusesToTrackOldHardware() throws Exception {
        LabMachine machine =
                lab.control().create(LabTalk.spec().hardware("vmx-04").disk(LabTalk.DISK));

        assertThat(talk.askToTrack(machine).fault()).isEqualTo("NotSupported");
        assertThat(talk.soap()
                        .read("VirtualMachine", machine.reference(), "config.changeTrackingEnabled")
                        .one("//val"))
                .isEqualTo("false");
    }

    @Test
    void freezesTheBytesOfASnapshotUnderTheNameThatItsConfigurationHas() throws Exception {
        LabMachine machine =
                lab.control().create(LabTalk.spec().disk(LabTalk.DISK).disk(LabTalk.BLOCK));
        machine.write(2000, 5, LabTalk.bytes("then"));
        String snapshot = machine.takeSnapshot("one");
        machine.write(2000, 5, LabTalk.bytes("now!"));

        String then = talk.soap()
                .read("VirtualMachineSnapshot", snapshot, "config.hardware.device")
                .one("//*[key=2000]/backing/fileName");
        String now = talk.soap()
                .read("VirtualMachine", machine.reference(), "config.hardware.device")
                .one("//*[key=2000]/backing/fileName");
        assertThat(now).isNotEqualTo(then).endsWith("-000001.vmdk");
        Path images = lab.images().resolve(machine.reference());
        assertThat(LabTalk.bytesOf(images.resolve(snapshot).resolve(then))).isEqualTo("then");
        assertThat(LabTalk.bytesOf(images.resolve("live").resolve(now))).isEqualTo("now!");

        machine.removeSnapshot(snapshot);
        assertThat(images.resolve(snapshot)).doesNotExist();
        assertThat(LabTalk.bytesOf(images.resolve("live").resolve(then))).isEqualTo("now!");
    }

    @Test
    @NeedsPeer("nbdkit")
    void servesFrozenBytesToWhoKnowsThePassword() throws Exception {
        LabMachine machine = lab.control().create(LabTalk.spec().disk(LabTalk.DISK));
        Path live = lab.images().resolve(machine.reference()).resolve("disks/2000.raw");
        TestImage.sparse(live, LabTalk.DISK, 5);
        byte[] then = TestImage.content(live);
        String snapshot = machine.takeSnapshot("one");
        machine.write(2000, 3, LabTalk.bytes("later"));
        String file = talk.soap()
                .read("VirtualMachineSnapshot", snapshot, "config.hardware.device")
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
        try (ServedVddkDisk disk =
                        reader.open(server, new VddkDisk(machine.reference(), snapshot, file), Duration.ZERO);
                NbdClient client = NbdClient.connect(disk.uri(), options)) {
            byte[] content = new byte[Math.toIntExact(client.export().sizeBytes())];
            client.read(0, ByteBuffer.wrap(content));
            return content;
        }
    }

    @Test
    void pagesAnswersAndBendsThem() throws Exception {
        LabMachine machine = talk.tracked(LabTalk.DISK);
        String first = machine.takeSnapshot("first");
        String id = talk.changeIds(first).get(0);
        machine.mark(2000, LabTalk.BLOCK, 512, 3 * LabTalk.BLOCK, 4);
        machine.removeSnapshot(first);
        String second = machine.takeSnapshot("second");

        machine.answer(2000, LabPages.usual().areas(2).outOfOrder());
        Soap.Answer page = talk.query(machine, second, 0, id);
        assertThat(LabTalk.areas(page)).containsExactly(4 * LabTalk.BLOCK + "+65536", LabTalk.BLOCK + "+65536");
        assertThat(page.one("//returnval/length")).isEqualTo(Integer.toString(7 * LabTalk.BLOCK));
        assertThat(LabTalk.areas(talk.query(machine, second, 7 * LabTalk.BLOCK, id)))
                .containsExactly(10 * LabTalk.BLOCK + "+512", 7 * LabTalk.BLOCK + "+65536");

        machine.answer(2000, LabPages.usual().emptyBetween());
        page = talk.query(machine, second, 0, id);
        assertThat(LabTalk.areas(page)).isEmpty();
        assertThat(page.one("//returnval/length")).isEqualTo("65536");

        machine.answer(2000, LabPages.usual().coveringNothing(1));
        assertThat(talk.query(machine, second, 0, id).one("//returnval/length")).isEqualTo("0");

        machine.lie(2000, 4 * LabTalk.BLOCK, 1);
        assertThat(LabTalk.areas(talk.query(machine, second, 0, id))).hasSize(3);
    }

    @Test
    void leavesDisksToBeConsolidated() throws Exception {
        LabMachine machine = lab.control().create(LabTalk.spec().disk(LabTalk.DISK));
        machine.leaveUnconsolidated();
        machine.removeSnapshot(machine.takeSnapshot("one"));
        String needed = "runtime.consolidationNeeded";
        assertThat(talk.soap()
                        .read("VirtualMachine", machine.reference(), needed)
                        .one("//val"))
                .isEqualTo("true");
        talk.soap().run("ConsolidateVMDisks", "VirtualMachine", machine.reference(), "");
        assertThat(talk.soap()
                        .read("VirtualMachine", machine.reference(), needed)
                        .one("//val"))
                .isEqualTo("false");
    }

    @Test
    void leavesIndependentAndRawDisksOutOfSnapshots() throws Exception {
        LabMachine machine = lab.control()
                .create(LabTalk.spec()
                        .disk(LabTalk.BLOCK, "virtualRdm", "persistent", "sharingNone")
                        .disk(LabTalk.BLOCK, "physicalRdm", "persistent", "sharingNone")
                        .disk(LabTalk.BLOCK, "sparse", "independent_persistent", "sharingNone")
                        .disk(LabTalk.BLOCK, "flat", "persistent", "sharingMultiWriter"));
        talk.enable(machine);
        machine.removeSnapshot(machine.takeSnapshot("stun"));
        Soap.Answer devices =
                talk.soap().read("VirtualMachineSnapshot", machine.takeSnapshot("one"), "config.hardware.device");
        assertThat(devices.all("//*[backing/changeId]/key")).containsExactly("2000", "2003");
        assertThat(devices.all("//*[key=2001]/backing/compatibilityMode")).containsExactly("physicalMode");
        assertThat(devices.all("//*[key=2003]/backing/sharing")).containsExactly("sharingMultiWriter");
    }

    @Test
    void beginsTrackingAnewAfterARevertUnlessThatIsToBeHidden() throws Exception {
        LabMachine machine = talk.tracked(LabTalk.DISK);
        machine.write(2000, 5, LabTalk.bytes("then"));
        String lost = talk.changeIds(machine.takeSnapshot("first")).get(0);
        machine.write(2000, 5, LabTalk.bytes("now!"));
        machine.revertTo("first");
        Path live = lab.images().resolve(machine.reference()).resolve("disks/2000.raw");
        assertThat(LabTalk.bytesOf(live)).isEqualTo("then");
        machine.removeSnapshot("first");
        String second = machine.takeSnapshot("second");
        String id = talk.changeIds(second).get(0);
        assertThat(talk.query(machine, second, 0, lost).fault()).isEqualTo("FileFault");

        machine.revertUnnoticed();
        machine.revertTo(second);
        machine.removeSnapshot(second);
        String uuid = id.substring(0, id.indexOf('/') + 1);
        assertThat(talk.changeIds(machine.takeSnapshot("third")).get(0)).startsWith(uuid);
    }
}
