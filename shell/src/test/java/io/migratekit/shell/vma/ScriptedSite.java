package io.migratekit.shell.vma;

import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryDisk.DiskBacking;
import io.migratekit.source.vcenter.inventory.InventoryDisk.DiskBacking.RawDevice;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Power;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Tools;
import io.migratekit.source.vcenter.inventory.InventoryNic;
import io.migratekit.source.vcenter.power.MachinePower.Ending;
import io.migratekit.source.vcenter.tracking.TrackingStatus;
import io.migratekit.source.vcenter.tracking.TrackingStatus.DiskObstacle;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A site with one machine, which notes what it is asked, and fails as it is told. For one client at a time. */
final class ScriptedSite implements SourceSite {
    private static final Found WEB = new Found("Büro/web 01", "5029ff42-0000-1111-2222-333344445555");

    private final List<String> asked = new ArrayList<>(); // guarded by this
    private @Nullable Exception failure; // guarded by this

    /** Lets the next call fail; an {@link IOException} or an unchecked one. */
    synchronized void failWith(Exception next) {
        failure = next;
    }

    /** Returns what was asked since the last look. */
    synchronized List<String> asked() {
        List<String> noted = List.copyOf(asked);
        asked.clear();
        return noted;
    }

    private synchronized void note(String call) throws IOException {
        asked.add(call);
        Exception now = failure;
        failure = null;
        if (now instanceof IOException known) {
            throw known;
        }
        if (now instanceof RuntimeException known) {
            throw known;
        }
    }

    private void note(String call, Wanted vm) throws IOException {
        note("%s <%s> at %s".formatted(call, vm.words(), vm.vcenter().orElse("default")));
    }

    @Override
    public Discovery discover(Search search) throws IOException {
        note("discover %s %s %s %s"
                .formatted(
                        search.vcenter().orElse("-"),
                        search.username().orElse("-"),
                        search.datacenter().orElse("-"),
                        search.filter().orElse("-")));
        InventoryMachine machine = new InventoryMachine(
                "vm-16",
                WEB.instanceUuid(),
                WEB.name(),
                "/DC0/vm/prod/Büro%2fweb 01",
                2,
                4L << 30,
                "efi",
                13,
                "debian10_64Guest",
                "Debian GNU/Linux 10 (64-bit)",
                "for people",
                Tools.RUNNING,
                Power.ON,
                false,
                true,
                List.of(disk()),
                List.of(new InventoryNic(
                        4000,
                        "Network adapter 1",
                        "00:50:56:00:00:01",
                        "vmxnet3",
                        Optional.of("VM Network"),
                        InventoryNic.Kind.STANDARD,
                        true)));
        return new Discovery("lab", "vc.example.com", "c0ffee00-0000-1111-2222-333344445555", List.of(machine));
    }

    private static InventoryDisk disk() {
        return new InventoryDisk(
                2000,
                "Hard disk 1",
                10L << 30,
                "pvscsi",
                0,
                1,
                new DiskBacking(
                        "FlatVer2",
                        "[ds1] web/web.vmdk",
                        "ds1",
                        "persistent",
                        Optional.of(true),
                        RawDevice.NO,
                        false,
                        Optional.of("52 de/118"),
                        1));
    }

    @Override
    public Tracking tracking(Wanted vm) throws IOException {
        note("tracking", vm);
        return new Tracking(
                WEB,
                new TrackingStatus(
                        false,
                        List.of("its hardware version is 4 and 7 is needed"),
                        List.of(new DiskObstacle(2000, "disk 2000 is independent"))),
                List.of(disk()));
    }

    @Override
    public Enabled enableTracking(Wanted vm) throws IOException {
        note("enable", vm);
        return new Enabled(WEB, true);
    }

    @Override
    public Powered power(Wanted vm) throws IOException {
        note("power", vm);
        return new Powered(WEB, Power.SUSPENDED);
    }

    @Override
    public SwitchedOff powerOff(Wanted vm, Duration patience) throws IOException {
        note("off after %s".formatted(patience), vm);
        return new SwitchedOff(WEB, Ending.SHUT_DOWN);
    }

    @Override
    public SwitchedOn powerOn(Wanted vm) throws IOException {
        note("on", vm);
        return new SwitchedOn(WEB, false);
    }
}
