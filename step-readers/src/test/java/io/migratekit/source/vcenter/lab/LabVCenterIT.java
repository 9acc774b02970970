package io.migratekit.source.vcenter.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer("go")
final class LabVCenterIT {
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
    void letsNobodyInWithAnotherPasswordAndShowsStrangersNothing() throws Exception {
        Soap stranger = new Soap(lab.login());
        assertThat(stranger.logIn("guess").fault()).isEqualTo("InvalidLogin");
        assertThat(stranger.read("Folder", "group-d1", "name").fault()).isEqualTo("NotAuthenticated");
        assertThat(talk.soap().read("Folder", "group-d1", "name").one("//val")).isEqualTo("Datacenters");
    }

    @Test
    void forgetsSessionsAndComesBackFromARestart() throws Exception {
        lab.control().expireSessions();
        assertThat(talk.soap().read("Folder", "group-d1", "name").fault()).isEqualTo("NotAuthenticated");
        assertThat(talk.soap().logIn().fault()).isEmpty();

        lab.control().restart(Duration.ofMillis(300));
        assertThatThrownBy(() -> talk.soap().logIn()).isInstanceOf(IOException.class);
        assertThat(waitForLogin().fault()).isEmpty();
    }

    private Soap.Answer waitForLogin() throws Exception {
        while (true) {
            try {
                return talk.soap().logIn();
            } catch (IOException stillDown) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void failsTheCallAndTheTaskThatAScriptNames() throws Exception {
        LabMachine machine = talk.tracked(LabTalk.DISK);
        String snapshot = machine.takeSnapshot("one");
        lab.control().script(LabScript.call("QueryChangedDiskAreas").after(1).fault("NotAuthenticated"));
        assertThat(talk.query(machine, snapshot, 0, "*").fault()).isEmpty();
        assertThat(talk.query(machine, snapshot, 0, "*").fault()).isEqualTo("NotAuthenticated");
        assertThat(talk.query(machine, snapshot, 0, "*").fault()).isEmpty();

        lab.control()
                .script(LabScript.call("QueryChangedDiskAreas")
                        .every(2)
                        .times(2)
                        .expiringSessions());
        for (int page = 0; page < 2; page++) {
            assertThat(talk.query(machine, snapshot, 0, "*").fault()).isEqualTo("NotAuthenticated");
            assertThat(talk.soap().logIn().fault()).isEmpty();
            assertThat(talk.query(machine, snapshot, 0, "*").fault()).isEmpty();
        }
        assertThat(talk.query(machine, snapshot, 0, "*").fault()).isEmpty();

        lab.control()
                .script(LabScript.task("CreateSnapshot")
                        .of(machine.reference())
                        .fault("FileFault")
                        .details("{\"File\": \"x.vmdk\"}"));
        assertThat(talk.takeSnapshot(machine, false).fault()).isEqualTo("FileFault");
        assertThat(talk.takeSnapshot(machine, false).one("//state")).isEqualTo("success");
    }

    @Test
    void letsATaskStandStillUntilItIsReleased() throws Exception {
        LabMachine machine = talk.tracked(LabTalk.DISK);
        lab.control().script(LabScript.task("ConsolidateVMDisks").frozen());
        String task = talk.soap()
                .call("ConsolidateVMDisks_Task", "VirtualMachine", machine.reference(), "")
                .one("//returnval");
        assertThat(talk.soap().read("Task", task, "info.state").one("//val")).isEqualTo("running");
        lab.control().release();
        while (!talk.soap().read("Task", task, "info.state").one("//val").equals("success")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void refusesWhatTheMachineCannot() throws Exception {
        LabMachine machine =
                lab.control().create(LabTalk.spec().disk(LabTalk.DISK).running());
        machine.failQuiescing(true);
        assertThat(talk.takeSnapshot(machine, true).fault()).isEqualTo("ApplicationQuiesceFault");
        assertThat(talk.takeSnapshot(machine, false).fault()).isEmpty();
        machine.limitSnapshots(1);
        assertThat(talk.takeSnapshot(machine, false).fault()).isEqualTo("TooManySnapshotLevels");
    }

    @Test
    void growsAddsAndRemovesDisksAndMovesMachines() throws Exception {
        LabMachine machine = talk.tracked(LabTalk.DISK);
        String id = talk.changeIds(machine.takeSnapshot("one")).get(0);
        machine.removeSnapshot("one");
        machine.grow(2000, 2 * LabTalk.DISK);
        int added = machine.addDisk(LabTalk.BLOCK);
        String second = machine.takeSnapshot("two");
        assertThat(talk.soap()
                        .read("VirtualMachineSnapshot", second, "config.hardware.device")
                        .all("//*[key>=2000]/capacityInBytes"))
                .containsExactly(Long.toString(2 * LabTalk.DISK), Integer.toString(LabTalk.BLOCK));
        assertThat(talk.query(machine, second, 0, id).fault()).isEqualTo("FileFault");

        machine.removeSnapshot("two");
        machine.removeDisk(added);
        machine.rename("größer/100%");
        machine.move("prod/web");
        assertThat(talk.soap()
                        .read("VirtualMachine", machine.reference(), "name")
                        .one("//val"))
                .isEqualTo("größer%2f100%25");
        machine.delete();
        assertThat(talk.soap()
                        .read("VirtualMachine", machine.reference(), "name")
                        .fault())
                .isEqualTo("ManagedObjectNotFound");
    }

    @Test
    void connectsCardsToNetworksOfAllKinds() throws Exception {
        LabMachine machine = lab.control()
                .create(LabTalk.spec()
                        .firmware("efi")
                        .nic("vmxnet3", "VM Network")
                        .nic("e1000e", "DC0_DVPG0")
                        .nic("vmxnet3", "DC0_NSX0"));
        Soap.Answer devices = talk.soap().read("VirtualMachine", machine.reference(), "config.hardware.device");
        assertThat(devices.all("//*[macAddress]/backing/@type"))
                .containsExactly(
                        "VirtualEthernetCardNetworkBackingInfo",
                        "VirtualEthernetCardDistributedVirtualPortBackingInfo",
                        "VirtualEthernetCardOpaqueNetworkBackingInfo");
        assertThat(devices.all("//*[macAddress]/macAddress")).doesNotHaveDuplicates();
        assertThat(talk.soap()
                        .read("VirtualMachine", machine.reference(), "network")
                        .all("//ManagedObjectReference/@type"))
                .containsExactly("Network", "DistributedVirtualPortgroup", "OpaqueNetwork");
    }

    @Test
    void shutsGuestsDownThatHaveToolsAndListen() throws Exception {
        LabMachine machine = lab.control().create(LabTalk.spec().running());
        String power = "runtime.powerState";
        machine.ignoreShutdown(true);
        assertThat(shutDown(machine).fault()).isEmpty();
        assertThat(talk.soap()
                        .read("VirtualMachine", machine.reference(), power)
                        .one("//val"))
                .isEqualTo("poweredOn");
        machine.ignoreShutdown(false);
        assertThat(shutDown(machine).fault()).isEmpty();
        assertThat(talk.soap()
                        .read("VirtualMachine", machine.reference(), power)
                        .one("//val"))
                .isEqualTo("poweredOff");
        assertThat(talk.soap()
                        .read("VirtualMachine", machine.reference(), "guest.toolsRunningStatus")
                        .one("//val"))
                .isEqualTo("guestToolsNotRunning");
        LabMachine withoutTools = lab.control().create(LabTalk.spec());
        talk.soap().run("PowerOnVM", "VirtualMachine", withoutTools.reference(), "");
        assertThat(shutDown(withoutTools).fault()).isEqualTo("ToolsUnavailable");
    }

    private Soap.Answer shutDown(LabMachine machine) throws Exception {
        return talk.soap().call("ShutdownGuest", "VirtualMachine", machine.reference(), "");
    }
}
