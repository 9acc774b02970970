package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.CutMemory;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.Machine;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.MachineSpec;
import io.migratekit.volume.compute.Machines;
import io.migratekit.volume.compute.ResourceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CloudMachinesTest extends CloudFixture {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private Machines machines;

    @BeforeEach
    void connect() {
        machines = Clouds.connect(server).machines();
    }

    /** Adds a machine as somebody else would have made it. */
    static String machine(CloudServer server, String state) {
        String id = UUID.randomUUID().toString();
        server.state.machines.put(
                id, new CloudRow(id, "vm").set("displayname", "vm").set("state", state));
        return id;
    }

    @Test
    void makesAStoppedMachineOfACustomSizeInSeveralNetworks() {
        Machine vm = machines.create(mark(), spec(), new CutMemory());
        assertThat(vm.state()).isEqualTo(Machine.State.STOPPED);
        assertThat(vm.owned()).isTrue();
        assertThat(vm.name()).isEqualTo("db01");
        assertThat(vm.cpus()).isEqualTo(4);
        assertThat(vm.memoryMib()).isEqualTo(8192);
        assertThat(vm.nics())
                .extracting(nic -> nic.network().text())
                .containsExactly(CloudState.NETWORK_B, CloudState.NETWORK_A);
        assertThat(vm.nics().get(0).isDefault()).isTrue();
        assertThat(server.last("deployVirtualMachine").required("startvm")).isEqualTo("false");
        assertThat(server.last("deployVirtualMachine").required("networkids"))
                .isEqualTo(CloudState.NETWORK_B + "," + CloudState.NETWORK_A);
        assertThat(machines.find(vm.id())).contains(vm);
    }

    @Test
    void asksForTheAddressesThatAreWished() {
        MachineSpec.Nic wish =
                new MachineSpec.Nic(new ResourceId(CloudState.NETWORK_A), Optional.of("10.9.8.7"), Optional.empty());
        MachineSpec spec = new MachineSpec(
                "db01",
                new ResourceId(CloudState.TEMPLATE),
                new ResourceId(CloudState.SERVICE_OFFERING),
                Optional.empty(),
                List.of(wish, MachineSpec.Nic.of(new ResourceId(CloudState.NETWORK_B))));
        Machine vm = machines.create(mark(), spec, new CutMemory());
        assertThat(vm.nics().get(0).ipAddress()).contains("10.9.8.7");
        assertThat(vm.nics()).hasSize(2);
    }

    @Test
    void makesOneMachineForOneMarkThoughTheReplyWasLost() {
        Mark mark = mark();
        CutMemory memory = new CutMemory();
        server.fail("deployVirtualMachine", new Fault.LostReply());
        fails(Kind.UNAVAILABLE, "deployVirtualMachine", () -> machines.create(mark, spec(), memory));
        Machine vm = machines.create(mark, spec(), memory);
        assertThat(machines.create(mark, spec(), new CutMemory())).isEqualTo(vm);
        assertThat(machines.created(mark)).contains(vm);
        assertThat(server.asked("deployVirtualMachine")).isEqualTo(1);
    }

    @Test
    void finishesAMachineThatWasKilledAnywhere() {
        boolean killed = true;
        for (int puts = 0; killed; puts++) {
            killed = false;
            Mark mark = mark();
            CutMemory memory = new CutMemory();
            memory.killAfter(puts, true);
            try {
                machines.create(mark, spec(), memory);
            } catch (CutMemory.Killed e) {
                killed = true;
                machines = Clouds.connect(server, Clouds.REQUEST_TIMEOUT.multipliedBy(2))
                        .machines();
            }
            memory.revive();
            Machine vm = machines.create(mark, spec(), memory);
            assertThat(machines.created(mark)).contains(vm);
            machines.destroy(vm.id(), new CutMemory());
            assertThat(machines.created(mark)).isEmpty();
        }
    }

    @Test
    void startsAndStopsAsOftenAsItIsAsked() {
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        machines.start(id, new CutMemory());
        machines.start(id, new CutMemory());
        assertThat(state(id)).isEqualTo(Machine.State.RUNNING);
        machines.stop(id, GRACE, new CutMemory());
        machines.stop(id, GRACE, new CutMemory());
        assertThat(state(id)).isEqualTo(Machine.State.STOPPED);
        assertThat(server.asked("startVirtualMachine")).isEqualTo(1);
        assertThat(server.asked("stopVirtualMachine")).isEqualTo(1);
        assertThat(server.last("stopVirtualMachine").optional("forced")).isEmpty();
    }

    @Test
    void switchesOffWhatDoesNotEndByItself() {
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        machines.start(id, new CutMemory());
        server.state.guestsEndByThemselves = false;
        machines.stop(id, GRACE, new CutMemory());
        assertThat(state(id)).isEqualTo(Machine.State.STOPPED);
        assertThat(server.last("stopVirtualMachine").required("forced")).isEqualTo("true");

        machines.start(id, new CutMemory());
        server.fail("stopVirtualMachine", new Fault.JobHangs());
        machines.stop(id, Duration.ofMillis(100), new CutMemory());
        assertThat(state(id)).isEqualTo(Machine.State.STOPPED);
    }

    @Test
    void switchesNothingOffBecauseTheCloudDoesNotAnswer() {
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        machines.start(id, new CutMemory());
        CutMemory memory = new CutMemory();
        server.fail("stopVirtualMachine", new Fault.JobHangs());
        server.fail("queryAsyncJobResult", new Fault.Html(503));
        fails(Kind.UNAVAILABLE, "instead of", () -> machines.stop(id, GRACE, memory));
        server.fail("listVirtualMachines", new Fault.Refused(401, "unable to verify user credentials"));
        fails(Kind.REFUSED, "clock", () -> machines.stop(id, GRACE, memory));
        assertThat(state(id)).isEqualTo(Machine.State.RUNNING);
        assertThat(server.asked("stopVirtualMachine")).isEqualTo(1);
    }

    @Test
    void switchesNothingOffBecauseTheDaemonEnds() throws InterruptedException {
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        machines.start(id, new CutMemory());
        server.fail("stopVirtualMachine", new Fault.JobHangs());
        Thread stopping = new Thread(
                () -> fails(Kind.UNAVAILABLE, "", () -> machines.stop(id, Duration.ofSeconds(20), new CutMemory())));
        stopping.start();
        while (server.asked("stopVirtualMachine") == 0) {
            Thread.onSpinWait();
        }
        stopping.interrupt();
        stopping.join(5000);
        assertThat(stopping.isAlive()).isFalse();
        assertThat(server.asked("stopVirtualMachine")).isEqualTo(1);
        assertThat(state(id)).isEqualTo(Machine.State.RUNNING);
    }

    @Test
    void switchesOffAtOnceWithoutGrace() {
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        machines.start(id, new CutMemory());
        machines.stop(id, Duration.ZERO, new CutMemory());
        assertThat(server.asked("stopVirtualMachine")).isEqualTo(1);
        assertThat(state(id)).isEqualTo(Machine.State.STOPPED);
    }

    @Test
    void makesRoomForAVolumeAsRootDisk() {
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        VolumeId ours = create(1).id();
        CutMemory memory = new CutMemory();
        server.fail("deleteVolume", new Fault.LostReply());
        fails(Kind.UNAVAILABLE, "deleteVolume", () -> machines.discardRootDisk(id, memory));
        machines.discardRootDisk(id, memory);
        backend.attach(ours, id.text(), true, new CutMemory());
        machines.discardRootDisk(id, new CutMemory()); // ours is not discarded
        assertThat(backend.find(ours).orElseThrow().attachment()).isPresent();
        assertThat(server.asked("deleteVolume")).isEqualTo(1);
    }

    @Test
    void leavesTheRootDiskOfARunningOrForeignMachineAlone() {
        MachineId running = machines.create(mark(), spec(), new CutMemory()).id();
        machines.start(running, new CutMemory());
        fails(Kind.REFUSED, "not stopped", () -> machines.discardRootDisk(running, new CutMemory()));
        MachineId foreign = new MachineId(machine(server, "Stopped"));
        fails(Kind.REFUSED, "does not carry our tag", () -> machines.discardRootDisk(foreign, new CutMemory()));
    }

    @Test
    void removesAMachineForEverAndOnlyOnce() {
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        machines.destroy(id, new CutMemory());
        machines.destroy(id, new CutMemory());
        assertThat(machines.find(id)).isEmpty();
        assertThat(server.last("destroyVirtualMachine").required("expunge")).isEqualTo("true");
        assertThat(server.asked("destroyVirtualMachine")).isEqualTo(1);
        machines.destroy(new MachineId(UUID.randomUUID().toString()), new CutMemory());
    }

    @Test
    void removesAMachineThoughTheAccountMayNotExpunge() {
        String denied =
                "Parameter expunge can be passed by Admin only. Or when the allow.user.expunge.recover.vm key is set.";
        for (Fault no : List.of(new Fault.Refused(531, denied), new Fault.JobFails(530, denied, false))) {
            MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
            server.fail("destroyVirtualMachine", no);
            machines.destroy(id, new CutMemory());
            assertThat(machines.find(id)).isEmpty();
            assertThat(server.last("destroyVirtualMachine").optional("expunge")).isEmpty();
        }
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        server.fail("destroyVirtualMachine", new Fault.Refused(531, "no permission"));
        fails(Kind.REFUSED, "no permission", () -> machines.destroy(id, new CutMemory()));
        assertThat(machines.find(id)).isPresent();
    }

    @Test
    void neverRemovesAMachineThatIsNotOursOrHoldsAVolumeOfOurs() {
        MachineId foreign = new MachineId(machine(server, "Stopped"));
        fails(Kind.REFUSED, "does not carry our tag", () -> machines.destroy(foreign, new CutMemory()));
        fails(
                Kind.REFUSED,
                "does not carry our tag",
                () -> machines.destroy(new MachineId(CloudState.OMA), new CutMemory()));
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        VolumeId ours = create(1).id();
        backend.attach(ours, id.text(), false, new CutMemory());
        fails(Kind.REFUSED, ours.text(), () -> machines.destroy(id, new CutMemory()));
        assertThat(server.asked("destroyVirtualMachine")).isZero();
    }

    @Test
    void resumesAJobByItsIdInAnotherProcess() {
        MachineId id = machines.create(mark(), spec(), new CutMemory()).id();
        CutMemory memory = new CutMemory();
        memory.killAfter(0, false);
        Assertions.assertThatThrownBy(() -> machines.start(id, memory)).isInstanceOf(CutMemory.Killed.class);
        memory.revive();
        Clouds.connect(server).machines().start(id, memory);
        assertThat(server.asked("startVirtualMachine")).isEqualTo(1);
    }

    @Test
    void saysThatAMachineIsNotThere() {
        MachineId nobody = new MachineId(UUID.randomUUID().toString());
        fails(Kind.NO_SUCH_THING, nobody.text(), () -> machines.start(nobody, new CutMemory()));
        fails(Kind.NO_SUCH_THING, nobody.text(), () -> machines.stop(nobody, GRACE, new CutMemory()));
    }

    @Test
    void listsWhatTheCloudOffers() {
        Catalog catalog = Clouds.connect(server).catalog();
        ResourceId zone = new ResourceId(CloudState.ZONE);
        assertThat(catalog.zones()).containsExactly(new Catalog.Zone(zone, "zone one"));
        assertThat(catalog.networks(zone)).extracting(Catalog.Network::name).containsExactly("production", "test");
        assertThat(catalog.networks(zone)).extracting(Catalog.Network::type).containsExactly("Shared", "L2");
        assertThat(catalog.serviceOfferings())
                .extracting(Catalog.ServiceOffering::custom)
                .containsExactly(true);
        assertThat(catalog.diskOfferings())
                .extracting(Catalog.DiskOffering::sizeGib)
                .containsExactly(0L, 20L);
        assertThat(catalog.templates(zone))
                .containsExactly(
                        new Catalog.Template(new ResourceId(CloudState.TEMPLATE), "empty", "Other", true, 8 * GIB));
    }

    private Machine.State state(MachineId id) {
        return machines.find(id).orElseThrow().state();
    }

    private static MachineSpec spec() {
        return new MachineSpec(
                "db01",
                new ResourceId(CloudState.TEMPLATE),
                new ResourceId(CloudState.SERVICE_OFFERING),
                Optional.of(new MachineSpec.Size(4, 8192, OptionalInt.empty())),
                List.of(
                        MachineSpec.Nic.of(new ResourceId(CloudState.NETWORK_B)),
                        MachineSpec.Nic.of(new ResourceId(CloudState.NETWORK_A))));
    }
}
