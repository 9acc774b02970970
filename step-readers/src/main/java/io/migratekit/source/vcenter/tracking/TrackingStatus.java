package io.migratekit.source.vcenter.tracking;

import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryDisk.DiskBacking.RawDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a machine's changes are tracked, and what is in the way.
 *
 * @param enabled whether tracking is switched on; it counts from the first snapshot after that
 * @param obstacles why it cannot be switched on, or is on and not to be believed, each with what to do; empty if neither
 * @param disks what stops single disks from being replicated at all
 */
public record TrackingStatus(boolean enabled, List<String> obstacles, List<DiskObstacle> disks) {
    private static final Pattern HARDWARE = Pattern.compile("vmx-0*([0-9]{1,4})");
    private static final int HARDWARE_MIN = 7;

    /**
     * A disk that no snapshot holds still.
     *
     * @param key of the disk
     * @param reason why, with what to do
     */
    public record DiskObstacle(int key, String reason) {}

    public TrackingStatus {
        obstacles = List.copyOf(obstacles);
        disks = List.copyOf(disks);
    }

    static TrackingStatus of(MachineState state, Optional<String> doubt) {
        return new TrackingStatus(
                state.enabled(),
                state.enabled() ? doubt.stream().toList() : obstacles(state),
                state.disks().stream().flatMap(disk -> obstacle(disk).stream()).toList());
    }

    private static List<String> obstacles(MachineState state) {
        List<String> obstacles = new ArrayList<>();
        Matcher hardware = HARDWARE.matcher(state.hardware());
        if (hardware.matches() && Integer.parseInt(hardware.group(1)) < HARDWARE_MIN) {
            obstacles.add("its hardware version is %s and 7 is needed: upgrade the VM's compatibility while it is off"
                    .formatted(hardware.group(1)));
        } else if (!state.supported()) {
            obstacles.add("its host does not support change tracking for it");
        }
        if (state.template()) {
            obstacles.add("it is a template: convert it to a virtual machine");
        }
        if (!state.snapshots().isEmpty()) {
            obstacles.add(
                    "it has %d snapshots, and tracking that is switched on beneath a snapshot gives wrong answers: remove '%s'%s"
                            .formatted(
                                    state.snapshots().size(),
                                    state.snapshots().get(0).getName(),
                                    state.snapshots().size() == 1 ? "" : " and the others"));
        }
        return obstacles;
    }

    private static Optional<DiskObstacle> obstacle(InventoryDisk disk) {
        String reason = null;
        if (disk.backing().rawDevice() == RawDevice.PHYSICAL) {
            reason = "is a raw device in physical mode, which snapshots leave out: change it to virtual mode";
        } else if (disk.backing().independent()) {
            reason = "is independent (%s), so snapshots leave it out: make it dependent while the VM is off"
                    .formatted(disk.backing().mode().toLowerCase(Locale.ROOT));
        } else if (disk.backing().shared()) {
            reason = "may be written by several machines, which no snapshot holds still: stop sharing its bus or disk";
        }
        return Optional.ofNullable(reason)
                .map(text -> new DiskObstacle(disk.key(), "disk %d '%s' %s".formatted(disk.key(), disk.label(), text)));
    }

    /** Tells whether changes can be tracked and believed, now or once it is switched on. */
    public boolean possible() {
        return obstacles.isEmpty();
    }
}
