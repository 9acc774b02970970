package io.migratekit.shell.vcenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.ledger.RestorePoint;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.doctor.Finding.Severity;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryDisk.DiskBacking;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.InventoryNic;
import io.migratekit.source.vcenter.inventory.Protection;
import io.migratekit.source.vcenter.inventory.Ties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would keep a replica from starting in the cloud is found before, each with what to do. */
final class FailoverChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-27T02:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "rhel8_64Guest, OK, virtio drivers of its own",
        "ubuntu64Guest, OK, virtio drivers of its own",
        "rhel5_64Guest, WARNING, before 2.6.25",
        "windows2019srv_64Guest, WARNING, no virtio drivers",
        "winXPProGuest, WARNING, too old",
        "darwin18_64Guest, ERROR, does not start on KVM",
        "vmkernel65Guest, ERROR, does not start on KVM",
        "solaris11_64Guest, WARNING, is not known",
        "'', WARNING, no kind of guest is set",
    })
    void knowsWhichGuestsStartOnKvm(String guest, Severity severity, String words) {
        Finding found = guest(machine(guest, "bios", 2, 4096), new Ties(Protection.NONE, OptionalInt.empty()))
                .get(0);

        assertThat(found.severity()).isEqualTo(severity);
        assertThat(found.found()).contains(words);
        assertThat(found.remedy().isEmpty()).isEqualTo(severity == Severity.OK);
    }

    @Test
    void tellsFirmwareRootDiskAndWhatStaysBehind() {
        assertThat(guest(machine("rhel8_64Guest", "bios", 1, 1024), ties(OptionalInt.empty())))
                .extracting(Finding::severity)
                .containsExactly(Severity.OK, Severity.OK, Severity.OK);
        assertThat(guest(
                        machine("rhel8_64Guest", "efi", 1, 1024),
                        new Ties(new Protection(true, true, true), OptionalInt.of(2001))))
                .extracting(Finding::found)
                .anySatisfy(found -> assertThat(found).contains("Secure Boot"))
                .anySatisfy(found -> assertThat(found).contains("are encrypted"))
                .anySatisfy(found -> assertThat(found).contains("virtual TPM"))
                .anySatisfy(found -> assertThat(found).contains("disk 2001", "boot order"));
        List<Finding> partly = new GuestChecks(
                        machine("rhel8_64Guest", "efi", 1, 1024), ties(OptionalInt.empty()), Optional.of(Set.of(2001)))
                .look();
        assertThat(partly.get(1).found()).contains("UEFI");
        assertThat(partly.get(2).severity()).isEqualTo(Severity.ERROR);
        assertThat(partly.get(2).found()).contains("disk 2000", "is not replicated");
    }

    @Test
    void anOldReplicaAndClocksApartAreTold() {
        assertThat(VmPreflight.restorePoint("web", Optional.empty(), NOW).severity())
                .isEqualTo(Severity.OPTIONAL);
        assertThat(VmPreflight.restorePoint("web", Optional.of(point(Duration.ofHours(3), false)), NOW)
                        .severity())
                .isEqualTo(Severity.OK);
        Finding old = VmPreflight.restorePoint("web", Optional.of(point(Duration.ofHours(49), false)), NOW);
        assertThat(old.severity()).isEqualTo(Severity.WARNING);
        assertThat(old.found()).contains("2 d 1 h old");
        assertThat(old.remedy()).isEqualTo("replicate start web");
        assertThat(VmPreflight.restorePoint("web", Optional.of(point(Duration.ZERO, true)), NOW)
                        .found())
                .contains("no FLUSH");
        assertThat(SourceChecks.clock(Duration.ofSeconds(-30)).severity()).isEqualTo(Severity.OK);
        assertThat(SourceChecks.clock(Duration.ofMinutes(-5)).found()).contains("5 min 00 s behind");
    }

    private static RestorePoint point(Duration age, boolean unsafe) {
        return new RestorePoint(1, "job-1", "migratekit-job-1", unsafe, Optional.of(NOW.minus(age)), NOW);
    }

    private static List<Finding> guest(InventoryMachine machine, Ties ties) {
        return new GuestChecks(machine, ties, Optional.empty()).look();
    }

    private static Ties ties(OptionalInt bootDisk) {
        return new Ties(Protection.NONE, bootDisk);
    }

    private static InventoryMachine machine(String guest, String firmware, int cpus, long memoryMib) {
        List<InventoryDisk> disks = new ArrayList<>();
        for (int key = 2000; key < 2002; key++) {
            DiskBacking backing = new DiskBacking(
                    "FlatVer2",
                    "[store] web/web.vmdk",
                    "store",
                    "persistent",
                    Optional.of(true),
                    DiskBacking.RawDevice.NO,
                    false,
                    Optional.empty(),
                    1);
            disks.add(new InventoryDisk(key, "Hard disk " + (key - 1999), 1 << 20, "pvscsi", 0, key - 2000, backing));
        }
        InventoryNic nic = new InventoryNic(
                4000,
                "Network adapter 1",
                "00:50:56:00:00:01",
                "vmxnet3",
                Optional.of("VM Network"),
                InventoryNic.Kind.STANDARD,
                true);
        return new InventoryMachine(
                "vm-1",
                "50000000-0000-4000-8000-000000000001",
                "web",
                "/DC0/vm/web",
                cpus,
                memoryMib << 20,
                firmware,
                13,
                guest,
                "",
                "",
                InventoryMachine.Tools.RUNNING,
                InventoryMachine.Power.ON,
                false,
                false,
                disks,
                List.of(nic));
    }
}
