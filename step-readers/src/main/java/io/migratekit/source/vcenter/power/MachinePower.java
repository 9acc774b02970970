package io.migratekit.source.vcenter.power;

import com.vmware.vim25.InvalidPowerState;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.TaskInProgress;
import com.vmware.vim25.ToolsUnavailable;
import com.vmware.vim25.VirtualMachinePowerState;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Power;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VimCall;
import io.migratekit.source.vcenter.soap.VimFault;
import io.migratekit.source.vcenter.task.Tasks;
import java.time.Duration;

/** The power of one machine. Every method may be repeated, and does nothing where the machine is as wanted already. */
public final class MachinePower {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final VCenterSession session;
    private final ManagedObjectReference machine;

    /** Takes a machine by its reference, which {@code TrackedMachine.reference()} finds by identity. */
    public MachinePower(VCenterSession session, ManagedObjectReference machine) {
        this.session = session;
        this.machine = machine;
    }

    /** What it took to switch a machine off. */
    public enum Ending {
        /** It was off. */
        WAS_OFF,
        /** Its guest shut down, so its file systems are whole. */
        SHUT_DOWN,
        /** It was switched off as by a power failure. */
        CUT
    }

    /** Tells whether the machine runs; a suspended one does not, but is not off either. */
    public boolean isOn() throws SourceException {
        return state() == VirtualMachinePowerState.poweredOn;
    }

    /** Returns whether the machine runs now, is off, or is suspended. */
    public Power now() throws SourceException {
        return switch (state()) {
            case poweredOn -> Power.ON;
            case poweredOff -> Power.OFF;
            case suspended -> Power.SUSPENDED;
        };
    }

    private VirtualMachinePowerState state() throws SourceException {
        return session.ask(
                        "tell whether %s runs".formatted(machine.getVal()),
                        vim -> new PropertyQuestion()
                                .of("VirtualMachine", "runtime.powerState")
                                .ask(vim, machine))
                .get("runtime.powerState", VirtualMachinePowerState.class)
                .orElseThrow(() -> new SourceException.Unavailable(
                        "vCenter %s does not tell whether %s runs".formatted(session.where(), machine.getVal())));
    }

    /**
     * Switches the machine off: asks its guest to shut down, and cuts the power if it has not by then, or cannot be asked
     * as VMware Tools do not run.
     *
     * @param patience how long the guest may take; 0 to cut the power at once
     * @throws SourceException.Refused if the user may not
     * @throws SourceException.Unavailable if it still is on, or the guest could not be asked for another reason: its power
     *     is not cut then, as the guest may be well
     */
    public Ending off(Duration patience) throws SourceException {
        if (state() == VirtualMachinePowerState.poweredOff) {
            return Ending.WAS_OFF;
        }
        long endNanos = System.nanoTime() + patience.toNanos();
        if (!patience.isZero() && asked(endNanos) && isOffBy(endNanos)) {
            return Ending.SHUT_DOWN;
        }
        change(
                "switch %s off".formatted(machine.getVal()),
                VirtualMachinePowerState.poweredOff,
                vim -> vim.api().powerOffVM_Task(machine));
        return Ending.CUT;
    }

    /** Asks the guest to shut down, as soon as no other task is in the way; tells whether there is one that listens. */
    private boolean asked(long endNanos) throws SourceException {
        String what = "shut the guest of %s down".formatted(machine.getVal());
        for (; ; ) {
            try {
                session.attempt(what, vim -> {
                    vim.api().shutdownGuest(machine);
                    return true;
                });
                return true;
            } catch (VimFault e) {
                if (e.is(ToolsUnavailable.class)) {
                    return false;
                }
                if (e.is(InvalidPowerState.class) && !isOn()) {
                    return state() == VirtualMachinePowerState.poweredOff; // a suspended one listens to nobody
                }
                if (!e.is(TaskInProgress.class) || System.nanoTime() > endNanos) {
                    throw session.explained(what, e);
                }
                pause(endNanos);
            }
        }
    }

    private boolean isOffBy(long endNanos) throws SourceException {
        while (state() != VirtualMachinePowerState.poweredOff) {
            if (System.nanoTime() > endNanos) {
                return false;
            }
            pause(endNanos);
        }
        return true;
    }

    private void pause(long endNanos) throws SourceException {
        long leftMillis = Math.max(1, (endNanos - System.nanoTime()) / 1_000_000);
        try {
            Thread.sleep(Math.min(leftMillis, PAUSE.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException.Unavailable("interrupted while %s shuts down".formatted(machine.getVal()), e);
        }
    }

    /**
     * Switches the machine on.
     *
     * @throws SourceException.Unavailable if it still is not
     */
    public void on() throws SourceException {
        if (!isOn()) {
            change(
                    "switch %s on".formatted(machine.getVal()),
                    VirtualMachinePowerState.poweredOn,
                    vim -> vim.api().powerOnVM_Task(machine, null));
        }
    }

    private void change(String what, VirtualMachinePowerState wanted, VimCall<ManagedObjectReference> start)
            throws SourceException {
        try {
            new Tasks(session).again(what, start);
        } catch (VimFault e) {
            if (!e.is(InvalidPowerState.class)) { // somebody was faster, perhaps to the same end
                throw session.explained(what, e);
            }
        }
        VirtualMachinePowerState now = state();
        if (now != wanted) {
            throw new SourceException.Unavailable("vCenter %s was to %s, and it is %s now; see the machine's events"
                    .formatted(session.where(), what, now));
        }
    }
}
