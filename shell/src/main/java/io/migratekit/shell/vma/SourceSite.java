package io.migratekit.shell.vma;

import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Power;
import io.migratekit.source.vcenter.power.MachinePower.Ending;
import io.migratekit.source.vcenter.tracking.TrackingStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the API does in vCenters. Every method asks anew, may be repeated, and fails with the failures of the console's
 * commands, of which {@link VmaProblems} knows all.
 */
interface SourceSite {

    /**
     * Which VM somebody means.
     *
     * @param words its name, path or instance UUID, or the name that it was added under
     * @param vcenter the vCenter by the name of its account or by its address; empty for the default one
     */
    record Wanted(String words, Optional<String> vcenter) {}

    /**
     * Which VMs somebody wants to see.
     *
     * @param vcenter as in {@link Wanted}
     * @param username of the account, where several lead to an address
     * @param datacenter those in it alone
     * @param filter what their names or paths have in them
     */
    record Search(
            Optional<String> vcenter,
            Optional<String> username,
            Optional<String> datacenter,
            Optional<String> filter) {}

    /**
     * VMs of a vCenter.
     *
     * @param account its name
     * @param host its address
     * @param instanceUuid its identity
     * @param machines in the order of their paths
     */
    record Discovery(String account, String host, String instanceUuid, List<InventoryMachine> machines) {}

    /**
     * A VM that was found.
     *
     * @param name as people see it
     * @param instanceUuid its identity
     */
    record Found(String name, String instanceUuid) {}

    /**
     * How a VM's changes are tracked.
     *
     * @param vm which
     * @param status whether they are, and what is in the way
     * @param disks as they are now
     */
    record Tracking(Found vm, TrackingStatus status, List<InventoryDisk> disks) {}

    /**
     * That tracking is on.
     *
     * @param vm of which
     * @param changed whether it was off before
     */
    record Enabled(Found vm, boolean changed) {}

    /**
     * Whether a VM runs.
     *
     * @param vm which
     * @param power as it is now
     */
    record Powered(Found vm, Power power) {}

    /**
     * That a VM is off.
     *
     * @param vm which
     * @param ending what it took
     */
    record SwitchedOff(Found vm, Ending ending) {}

    /**
     * That a VM runs.
     *
     * @param vm which
     * @param changed whether it did not before
     */
    record SwitchedOn(Found vm, boolean changed) {}

    Discovery discover(Search search) throws IOException;

    Tracking tracking(Wanted vm) throws IOException;

    Enabled enableTracking(Wanted vm) throws IOException;

    Powered power(Wanted vm) throws IOException;

    /** Switches it off; {@code patience} is how long its guest may take, 0 to cut the power at once. */
    SwitchedOff powerOff(Wanted vm, Duration patience) throws IOException;

    /** Switches it on, if it is not. */
    SwitchedOn powerOn(Wanted vm) throws IOException;
}
