package io.migratekit.job.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices as the kernel describes them, in a folder of the same shape. */
final class DeviceIdentityTest {
    @TempDir
    private Path blocks;

    @Test
    void aLogicalVolumeIsKnownByItsIdWhateverItsName() throws IOException {
        describe("dm-3/dm/uuid", "LVM-web01first\n");
        describe("dm-4/dm/uuid", "LVM-web01second\n");

        assertThat(DeviceIdentity.of(Path.of("/dev/dm-3"), blocks)).contains("device dm/uuid LVM-web01first");
        assertThat(DeviceIdentity.of(Path.of("/dev/dm-4"), blocks))
                .isNotEqualTo(DeviceIdentity.of(Path.of("/dev/dm-3"), blocks));
    }

    @Test
    void aDiskIsKnownByItsWwidOrItsSerialNumber() throws IOException {
        describe("sda/device/wwid", "naa.6000c29\n");
        describe("vda/serial", "disk-0815");
        describe("vdb/serial", "\n");

        assertThat(DeviceIdentity.of(Path.of("/dev/sda"), blocks)).contains("device device/wwid naa.6000c29");
        assertThat(DeviceIdentity.of(Path.of("/dev/vda"), blocks)).contains("device serial disk-0815");
        assertThat(DeviceIdentity.of(Path.of("/dev/vdb"), blocks)).isEmpty();
        assertThat(DeviceIdentity.of(Path.of("/dev/none"), blocks)).isEmpty();
    }

    @Test
    void aPartitionIsKnownByItsOwnIdOrByItsDiskAndNumber() throws IOException {
        describe("sda/device/wwid", "naa.6000c29\n");
        describe("sda/sda1/partition", "1\n");
        describe("sda/sda1/uevent", "DEVNAME=sda1\nPARTUUID=7b0c\n");
        describe("sda/sda2/partition", "2\n");
        Files.createSymbolicLink(blocks.resolve("sda1"), blocks.resolve("sda/sda1"));
        Files.createSymbolicLink(blocks.resolve("sda2"), blocks.resolve("sda/sda2"));

        assertThat(DeviceIdentity.of(Path.of("/dev/sda1"), blocks)).contains("partition 7b0c");
        assertThat(DeviceIdentity.of(Path.of("/dev/sda2"), blocks))
                .contains("partition 2 of device device/wwid naa.6000c29");
    }

    @Test
    void aLongIdentityIsShortenedToOneOfItsOwn() throws IOException {
        describe("sdb/wwid", "t10.ATA " + "x".repeat(200) + "1");
        describe("sdc/wwid", "t10.ATA " + "x".repeat(200) + "2");

        assertThat(DeviceIdentity.of(Path.of("/dev/sdb"), blocks).orElseThrow().length())
                .isLessThanOrEqualTo(100);
        assertThat(DeviceIdentity.of(Path.of("/dev/sdb"), blocks))
                .isNotEqualTo(DeviceIdentity.of(Path.of("/dev/sdc"), blocks));
    }

    private void describe(String file, String text) throws IOException {
        Path path = blocks.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
