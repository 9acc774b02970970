package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.CutMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** That a volume's device is the right one or none. */
final class CloudDevicesTest extends CloudFixture {
    @Test
    void namesTheDeviceByTheVolumesSerialNumber() {
        VolumeId id = create(1).id();
        Attachment attachment = attach(id);
        assertThat(attachment.vmId()).isEqualTo(CloudState.OMA);
        assertThat(attachment.devicePath().orElseThrow()).endsWith("/virtio-" + id.serial());
        assertThat(attachment.deviceNumber()).isEqualTo(OptionalInt.of(1));
    }

    @Test
    void tellsThisApplianceFromOtherVmsHoweverItIsNamed() {
        VolumeId id = create(1).id();
        Attachment attachment = backend.attach(id, CloudState.OMA, false, new CutMemory());
        assertThat(attachment.mode()).isEqualTo(ExportMode.OMA);
    }

    @Test
    void givesUpOnADeviceThatNeverAppears() {
        server.state.devices.appear = false;
        VolumeId id = create(1).id();
        fails(Kind.FAILED, "virtio-" + id.serial() + " does not appear", () -> attach(id));
        assertThat(backend.find(id).orElseThrow().attachment().orElseThrow().devicePath())
                .isEmpty();
        fails(Kind.FAILED, "does not appear", () -> backend.image(id));
    }

    @Test
    void waitsForADeviceThatAppearsLate() throws InterruptedException {
        server.state.devices.appear = false;
        VolumeId id = create(1).id();
        Thread late = new Thread(() -> {
            while (!server.settled().volume(id.text()).has("virtualmachineid")) {
                Thread.onSpinWait();
            }
            CloudDevices devices = server.state.devices;
            devices.link(id.text(), devices.disk(id.text()), id.serial());
        });
        late.start();
        assertThat(attach(id).devicePath()).isPresent();
        late.join();
    }

    @Test
    void refusesALinkThatLeadsToNothing() {
        VolumeId id = attached();
        server.state.devices.link(id.text(), folder.resolve("gone"), id.serial());
        fails(Kind.FAILED, "leads to nothing", () -> backend.image(id));
    }

    @Test
    void refusesADeviceOfTheWrongSize() throws IOException {
        VolumeId id = attached();
        Path other = Files.write(folder.resolve("vdz"), new byte[4096]);
        server.state.devices.link(id.text(), other, id.serial());
        fails(Kind.FAILED, "4096 bytes where the volume has 1073741824", () -> backend.image(id));
        fails(Kind.FAILED, "4096 bytes", () -> attach(id));
    }

    @Test
    void refusesAnotherVolumesDeviceUnderTheExpectedNameThoughItsSizeIsTheSame() {
        VolumeId id = attached();
        VolumeId other = attached();
        server.state.devices.link(id.text(), server.state.devices.disk(other.text()), other.serial());
        fails(Kind.FAILED, "has the serial number '" + other.serial() + "'", () -> backend.image(id));
    }

    @Test
    void refusesADeviceThatTwoVolumesNamesLeadTo() throws IOException {
        VolumeId id = attached();
        VolumeId other = attached();
        CloudDevices devices = server.state.devices;
        devices.link(id.text(), devices.disk(other.text()), other.serial());
        Files.delete(devices.blocks.resolve(other.text()).resolve("serial")); // as with other kinds of disks
        fails(Kind.FAILED, "so does virtio-" + other.serial(), () -> backend.image(id));
    }

    @Test
    void waitsUntilADetachedDeviceIsGone() {
        VolumeId id = attached();
        CloudDevices devices = server.state.devices;
        backend.detach(id, new CutMemory());
        devices.link(id.text(), devices.disk(id.text()), id.serial());
        fails(Kind.UNAVAILABLE, "is still here", () -> backend.detach(id, new CutMemory()));
    }

    @Test
    void refusesAnImageOfWhatIsNotAttachedHere() {
        VolumeId id = create(1).id();
        fails(Kind.REFUSED, "not attached", () -> backend.image(id));
        String vm = CloudMachinesTest.machine(server, "Stopped");
        backend.attach(id, vm, false, new CutMemory());
        fails(Kind.REFUSED, "attached to VM " + vm, () -> backend.image(id));
    }

    @Test
    void attachesAsRootDiskWithoutADeviceHere() {
        VolumeId id = create(1).id();
        String vm = CloudMachinesTest.machine(server, "Stopped");
        Attachment attachment = backend.attach(id, vm, true, new CutMemory());
        assertThat(attachment.mode()).isEqualTo(ExportMode.FAILOVER);
        assertThat(attachment.deviceNumber()).isEqualTo(OptionalInt.of(0));
        assertThat(attachment.devicePath()).isEmpty();
        assertThat(backend.attach(id, vm, true, new CutMemory())).isEqualTo(attachment);
        fails(Kind.REFUSED, "as its root disk already", () -> backend.attach(id, vm, false, new CutMemory()));
        fails(Kind.REFUSED, "detach it first", () -> attach(id));
    }

    @Test
    void neverBecomesThisAppliancesRootDisk() {
        VolumeId id = create(1).id();
        fails(
                Kind.REFUSED,
                "that is this appliance",
                () -> backend.attach(id, VolumeRequest.APPLIANCE, true, new CutMemory()));
    }
}
