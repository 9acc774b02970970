package io.migratekit.source.vcenter.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.InventoryDisk.DiskBacking.RawDevice;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Power;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Tools;
import io.migratekit.source.vcenter.inventory.InventoryNic.Kind;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabScript;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vcenter.session.LabAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import io.migratekit.source.vcenter.session.Vim;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer("go")
final class InventoryIT {
    private static final String CONTINUE = "ContinueRetrievePropertiesEx";

    @TempDir
    static Path folder;

    private static LabVCenter lab;
    private static VCenterSessions sessions;
    private static VCenterSession session;
    private static Inventory inventory;

    @BeforeAll
    static void start() throws Exception {
        lab = LabFixture.start(folder, LabInventory.machines(3));
        sessions = new VCenterSessions(LabAccounts.limits());
        session = sessions.open(LabAccounts.of(lab));
        inventory = new Inventory(session);
    }

    @AfterAll
    static void end() throws Exception {
        session.close();
        sessions.close();
        lab.close();
    }

    @Test
    void tellsWhatProtectsAMachine() throws Exception {
        LabMachine made = lab.control().create(LabMachineSpec.named("secret").disk(1 << 20));
        ManagedObjectReference reference = Vim.reference("VirtualMachine", made.reference());
        assertThat(Protection.of(session, reference)).isEqualTo(Protection.NONE);

        made.tie();

        assertThat(Protection.of(session, reference)).isEqualTo(new Protection(true, true, true));
    }

    @Test
    void describesHardwareDisksAndCards() throws Exception {
        LabMachine made = lab.control()
                .create(LabMachineSpec.named("web01")
                        .folder("prod/web")
                        .firmware("efi")
                        .hardware("vmx-15")
                        .guest("windows2019srv_64Guest")
                        .size(4, 8192)
                        .disk(5 << 20)
                        .disk(3 << 20, "seSparse", "independent_persistent", "sharingMultiWriter")
                        .disk(2 << 20, "physicalRdm", "independent_persistent", "sharingNone")
                        .nic("vmxnet3", "VM Network")
                        .nic("e1000e", "DC0_DVPG0")
                        .nic("vmxnet3", "DC0_NSX0")
                        .running());

        InventoryMachine machine = inventory.find("web01");

        assertThat(machine.reference()).isEqualTo(made.reference());
        assertThat(machine.instanceUuid()).isEqualToIgnoringCase(made.instanceUuid());
        assertThat(machine.path()).isEqualTo("/DC0/vm/prod/web/web01");
        assertThat(machine.cpus()).isEqualTo(4);
        assertThat(machine.memoryBytes()).isEqualTo(8L << 30);
        assertThat(machine.firmware()).isEqualTo("efi");
        assertThat(machine.hardwareVersion()).isEqualTo(15);
        assertThat(machine.guestId()).isEqualTo("windows2019srv_64Guest");
        assertThat(machine.power()).isEqualTo(Power.ON);
        assertThat(machine.tools()).isEqualTo(Tools.RUNNING);
        assertThat(machine.tracked()).isFalse();
        assertThat(machine.disks())
                .extracting(
                        InventoryDisk::key,
                        InventoryDisk::capacityBytes,
                        disk -> disk.backing().type())
                .containsExactly(
                        tuple(2000, 5L << 20, "FlatVer2"),
                        tuple(2001, 3L << 20, "SeSparse"),
                        tuple(2002, 2L << 20, "RawDiskMappingVer1"));
        InventoryDisk first = machine.disks().get(0);
        assertThat(first.label()).isNotBlank();
        assertThat(first.backing().file()).startsWith("[" + first.backing().datastore() + "] ");
        assertThat(first.backing().rawDevice()).isEqualTo(RawDevice.NO);
        assertThat(first.backing().chain()).isEqualTo(1);
        assertThat(first.unit()).isNotNegative();
        assertThat(machine.disks().get(1).backing().independent()).isTrue();
        assertThat(machine.disks().get(2).backing().rawDevice()).isEqualTo(RawDevice.PHYSICAL);
        assertThat(machine.nics())
                .extracting(InventoryNic::type, InventoryNic::network, InventoryNic::kind)
                .containsExactlyInAnyOrder(
                        tuple("vmxnet3", Optional.of("VM Network"), Kind.STANDARD),
                        tuple("e1000e", Optional.of("DC0_DVPG0"), Kind.DISTRIBUTED),
                        tuple("vmxnet3", Optional.of("DC0_NSX0"), Kind.OPAQUE));
        assertThat(machine.nics()).allMatch(nic -> nic.mac().matches("([0-9a-f]{2}:){5}[0-9a-f]{2}"));
    }

    @Test
    void findsMachinesByStrangeNamesPathsAndUuids() throws Exception {
        for (String name : List.of("Büro/web 7", "100%2f sure", "back\\slash", "雪 ❄")) {
            LabMachine made = lab.control().create(LabMachineSpec.named(name).disk(1 << 20));

            InventoryMachine byName = inventory.find(name);
            assertThat(byName.reference()).isEqualTo(made.reference());
            assertThat(byName.name()).isEqualTo(name);
            assertThat(byName.path()).doesNotContain(name.contains("/") ? name : "//");
            assertThat(inventory.find(byName.path())).isEqualTo(byName);
            assertThat(inventory.find(made.instanceUuid())).isEqualTo(byName);
        }
        assertThat(inventory.find("Büro/web 7").path()).endsWith("/Büro%2fweb 7");
    }

    @Test
    void matchesWholeNamesAndListsWhatIsAlike() throws Exception {
        lab.control().create(LabMachineSpec.named("db").disk(1 << 20));
        lab.control().create(LabMachineSpec.named("db-old").disk(1 << 20));
        assertThat(inventory.find("db").name()).isEqualTo("db");

        assertThatThrownBy(() -> inventory.find("db-"))
                .isInstanceOf(SourceException.NotFound.class)
                .hasMessageContaining("'/DC0/vm/db-old'");
        assertThatThrownBy(() -> inventory.find("no such"))
                .isInstanceOf(SourceException.NotFound.class)
                .hasMessageContaining("vm discover");
    }

    @Test
    void asksWhichOfTwoMachinesWithOneNameIsMeant() throws Exception {
        lab.control()
                .create(LabMachineSpec.named("twin")
                        .folder("a")
                        .disk(1 << 20)
                        .instanceUuid("50000000-0000-4000-8000-00000000000a"));
        lab.control()
                .create(LabMachineSpec.named("twin")
                        .folder("b")
                        .disk(1 << 20)
                        .instanceUuid("50000000-0000-4000-8000-00000000000b"));

        assertThatThrownBy(() -> inventory.find("twin"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 machines 'twin'")
                .hasMessageContaining("'/DC0/vm/a/twin' (50000000-0000-4000-8000-00000000000a)")
                .hasMessageContaining("'/DC0/vm/b/twin'");
        assertThat(inventory.find("/DC0/vm/b/twin").instanceUuid()).endsWith("b");
    }

    @Test
    void listsAgainFromTheStartWhereTheSessionEndsBetweenTwoCalls() throws Exception {
        lab.control().script(LabScript.call("RetrievePropertiesEx").expiringSessions());

        assertThat(inventory.machines()).hasSizeGreaterThanOrEqualTo(3);
        lab.control().clearScripts();
    }

    @Test
    void putsTheSameListTogetherFromManyPagesThoughTheSessionEndsBetweenTwo() throws Exception {
        List<InventoryMachine> whole = inventory.machines();
        lab.control().pageProperties(2);
        long before = lab.control().calls(CONTINUE);

        assertThat(inventory.machines()).isEqualTo(whole);
        long pages = lab.control().calls(CONTINUE) - before;
        assertThat(pages).as("folders, networks and machines, two in a page").isGreaterThanOrEqualTo(5);

        lab.control().script(LabScript.call(CONTINUE).after(3).expiringSessions());
        assertThat(inventory.machines()).isEqualTo(whole);
        assertThat(lab.control().calls(CONTINUE) - before)
                .as("whatever the lost session had is asked for again")
                .isEqualTo(pages + 4 + pages);
        lab.control().script(LabScript.call(CONTINUE).after(1).fault("InvalidArgument"));
        assertThatThrownBy(inventory::machines).isInstanceOf(SourceException.class);
        lab.control().clearScripts();
        lab.control().pageProperties(0);
    }
}
