package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.CutMemory;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose a volume is, what its state allows, and which VM this appliance is. */
final class CloudOwnershipTest extends CloudFixture {
    @Test
    void touchesNothingWithoutOurTag() {
        VolumeId id = new VolumeId(server.state.add("somebody's", GIB).text("id"));
        assertThat(backend.find(id).orElseThrow().owned()).isFalse();
        assertThat(backend.owned()).isEmpty();
        String tag = "does not carry our tag migratekit-owner=here-1";
        fails(Kind.REFUSED, tag, () -> backend.delete(id, new CutMemory()));
        fails(Kind.REFUSED, tag, () -> attach(id));
        fails(Kind.REFUSED, tag, () -> backend.detach(id, new CutMemory()));
        fails(Kind.REFUSED, tag, () -> backend.resize(id, 2 * GIB, new CutMemory()));
        fails(Kind.REFUSED, tag, () -> backend.snapshot(id, set(), new CutMemory()));
        fails(Kind.REFUSED, tag, () -> backend.revert(id, set(), new CutMemory()));
        fails(Kind.REFUSED, tag, () -> backend.deleteSnapshot(id, set(), new CutMemory()));
        server.state.volume(id.text()).tags.put("migratekit-owner", "another-installation");
        fails(Kind.REFUSED, tag, () -> backend.delete(id, new CutMemory()));
        assertThat(server.asked("deleteVolume")).isZero();
    }

    @Test
    void listsEveryOneOfManyVolumesWithItsSnapshots() {
        Set<VolumeId> ids = new HashSet<>();
        SnapshotSetId set = set();
        for (int i = 0; i < 1001; i++) {
            CloudRow row = server.state.add("v" + i, GIB);
            row.tags.put("migratekit-owner", "here-1");
            ids.add(new VolumeId(row.text("id")));
            server.state.add("foreign" + i, GIB);
            server.state.snapshots.put(
                    "s" + i,
                    new CloudRow("s" + i, set.text())
                            .set("volumeid", row.text("id"))
                            .set("state", "BackedUp"));
        }
        List<BackendVolume> owned = backend.owned();
        assertThat(owned).extracting(BackendVolume::id).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(owned).allSatisfy(volume -> assertThat(volume.snapshots()).containsExactly(set));
        assertThat(server.asked("listVolumes")).isEqualTo(3);
        assertThat(server.asked("listSnapshots")).isEqualTo(3);
    }

    @Test
    void refusesToDeleteWhatIsAttached() {
        VolumeId id = attached();
        fails(Kind.REFUSED, "detach it first", () -> backend.delete(id, new CutMemory()));
        assertThat(server.asked("deleteVolume")).isZero();
    }

    @Test
    void deletesVolumesThatWereNeverAttachedAndThatWere() {
        for (VolumeId id : List.of(create(1).id(), stored())) {
            backend.delete(id, new CutMemory());
            assertThat(server.settled().volume(id.text()).text("state")).isEqualTo("Expunging");
            assertThat(backend.find(id)).isEmpty();
        }
    }

    @Test
    void refusesASnapshotOfWhatIsNotOnStorageYet() {
        VolumeId id = create(1).id();
        fails(Kind.REFUSED, "'Allocated'", () -> backend.checkSnapshots(List.of(id)));
    }

    @Test
    void waitsWhileTheCloudIsChangingAVolume() throws InterruptedException {
        VolumeId id = stored();
        server.settled().volume(id.text()).set("state", "Snapshotting");
        Thread ending = new Thread(() -> {
            long before = server.asked("listVolumes");
            while (server.asked("listVolumes") < before + 4) {
                Thread.onSpinWait();
            }
            server.settled().volume(id.text()).set("state", "Ready");
        });
        ending.start();
        assertThat(attach(id).devicePath()).isPresent();
        ending.join();
    }

    @Test
    void saysThatADiskOfferingFixesTheSize() {
        CloudStackSettings fixed = Clouds.settings(
                server, server.endpoint(), Clouds.keys(), CloudState.FIXED_OFFERING, Optional.of(CloudState.OMA));
        CloudStack cloud = Clouds.connect(fixed, nobody());
        fails(Kind.REFUSED, "20 GiB only", () -> cloud.volumes().check());
        fails(Kind.FAILED, "fixes the size", () -> cloud.volumes().create(mark(), "a", GIB, new CutMemory()));
    }

    @Test
    void asksForRoomBeforeItIsNeeded() {
        backend.checkRoom(100 * GIB);
        server.state.storageLeft = "10";
        backend.checkRoom(10 * GIB);
        fails(Kind.NO_ROOM, "11 GiB are needed, and the account's limit", () -> backend.checkRoom(10 * GIB + 1));
    }

    @Test
    void attachesTheVolumeAgainThatARevertHadToDetach() {
        VolumeId id = attached();
        SnapshotSetId set = set();
        backend.snapshot(id, set, new CutMemory());
        backend.revert(id, set, new CutMemory());
        assertThat(backend.image(id).path()).exists();
        assertThat(server.asked("detachVolume")).isEqualTo(1);
    }

    @Test
    void neverPutsAVolumeBackThatAnotherVmMayBeUsing() {
        VolumeId id = stored();
        SnapshotSetId set = set();
        backend.snapshot(id, set, new CutMemory());
        String vm = CloudMachinesTest.machine(server, "Running");
        backend.attach(id, vm, false, new CutMemory());
        fails(Kind.REFUSED, "which may be using it", () -> backend.revert(id, set, new CutMemory()));
        assertThat(server.asked("revertSnapshot")).isZero();
        assertThat(backend.find(id).orElseThrow().attachment()).isPresent();
    }

    @Test
    void removesTheSnapshotOfAVolumeThatIsGone() {
        VolumeId id = stored();
        SnapshotSetId set = set();
        backend.snapshot(id, set, new CutMemory());
        backend.delete(id, new CutMemory());
        server.state.volumes.clear();
        backend.deleteSnapshot(id, set, new CutMemory());
        assertThat(server.state.snapshots).isEmpty();
    }

    @Test
    void findsTheApplianceByItsUuid() {
        MachineIdentity self = new MachineIdentity(Optional.of(CloudState.OMA), Set.of());
        assertThat(detecting(self).applianceVm().text()).isEqualTo(CloudState.OMA);
    }

    @Test
    void findsTheApplianceByItsNetworkCardsIfItsUuidIsNotInTheCloud() {
        CloudMachinesTest.machine(server, "Running");
        MachineIdentity self = new MachineIdentity(
                Optional.of("99999999-0000-4000-8000-000000000001"), Set.of("02:00:00:00:00:01", "02:42:00:00:00:09"));
        assertThat(detecting(self).applianceVm().text()).isEqualTo(CloudState.OMA);
    }

    @Test
    void doesNotGuessWhichVmTheApplianceIs() {
        fails(
                Kind.REFUSED,
                "name it with 'ossea set'",
                () -> detecting(nobody()).applianceVm());
        CloudRow twin = server.state.machine(CloudMachinesTest.machine(server, "Running"));
        twin.set(
                "nic",
                List.of(new CloudRow("n", "")
                        .set("networkid", CloudState.NETWORK_A)
                        .set("macaddress", "02:00:00:00:00:01")));
        MachineIdentity self = new MachineIdentity(Optional.empty(), Set.of("02:00:00:00:00:01"));
        fails(Kind.REFUSED, twin.text("id"), () -> detecting(self).applianceVm());
    }

    @Test
    void refusesAConfiguredApplianceThatIsNotInTheCloud() {
        CloudStackSettings wrong = Clouds.settings(
                server,
                server.endpoint(),
                Clouds.keys(),
                CloudState.DISK_OFFERING,
                Optional.of("99999999-0000-4000-8000-000000000002"));
        VolumeId id = create(1).id();
        fails(
                Kind.REFUSED,
                "is not in the cloud",
                () -> Clouds.connect(wrong, nobody())
                        .volumes()
                        .attach(id, VolumeRequest.APPLIANCE, false, new CutMemory()));
    }

    @Test
    void refusesAConfiguredApplianceWhereThisMachineIsAnotherVm() {
        String stranger = CloudMachinesTest.machine(server, "Running");
        CloudStackSettings wrong = Clouds.settings(
                server, server.endpoint(), Clouds.keys(), CloudState.DISK_OFFERING, Optional.of(stranger));
        MachineIdentity byUuid = new MachineIdentity(Optional.of(CloudState.OMA), Set.of());
        MachineIdentity byCards = new MachineIdentity(Optional.empty(), Set.of("02:00:00:00:00:01"));
        VolumeId id = create(1).id();
        for (MachineIdentity self : List.of(byUuid, byCards)) {
            CloudStack cloud = Clouds.connect(wrong, self);
            fails(
                    Kind.REFUSED,
                    CloudState.OMA,
                    () -> cloud.volumes().attach(id, VolumeRequest.APPLIANCE, false, new CutMemory()));
        }
        assertThat(server.asked("attachVolume")).isZero();
        MachineIdentity unknown =
                new MachineIdentity(Optional.of("99999999-0000-4000-8000-000000000003"), Set.of("02:42:00:00:00:09"));
        assertThat(Clouds.connect(wrong, unknown).applianceVm().text()).isEqualTo(stranger);
    }

    private CloudStack detecting(MachineIdentity self) {
        return Clouds.connect(
                Clouds.settings(server, server.endpoint(), Clouds.keys(), CloudState.DISK_OFFERING, Optional.empty()),
                self);
    }

    private static MachineIdentity nobody() {
        return new MachineIdentity(Optional.empty(), Set.of());
    }
}
