package io.migratekit.source.vcenter.power;

import com.vmware.vim25.InvalidPowerState;
import com.vmware.vim25.ManagedObjectReference;
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
     * @throws SourceException.Unavailable if it still is on
     */
    public Ending off(Duration patience) throws SourceException {
        if (state() == VirtualMachinePowerState.poweredOff) {
            return Ending.WAS_OFF;
        }
        if (!patience.isZero() && asked() && isOffWithin(patience)) {
            return Ending.SHUT_DOWN;
        }
        change("switch %s off".formatted(machine.getVal()), vim -> vim.api().powerOffVM_Task(machine));
        return Ending.CUT;
    }

    /** Asks the guest to shut down; tells whether it could be asked. */
    private boolean asked() throws SourceException {
        try {
            session.attempt("shut the guest of %s down".formatted(machine.getVal()), vim -> {
                vim.api().shutdownGuest(machine);
                return true;
            });
            return true;
        } catch (VimFault e) {
            return false; // no tools, no rights, or off meanwhile: the power decides
        }
    }

    private boolean isOffWithin(Duration patience) throws SourceException {
        long endNanos = System.nanoTime() + patience.toNanos();
        while (state() != VirtualMachinePowerState.poweredOff) {
            long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            try {
                Thread.sleep(Math.min(leftMillis, PAUSE.toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SourceException.Unavailable("interrupted while %s shuts down".formatted(machine.getVal()), e);
            }
        }
        return true;
    }

    /** Switches the machine on. */
    public void on() throws SourceException {
        if (!isOn()) {
            change("switch %s on".formatted(machine.getVal()), vim -> vim.api().powerOnVM_Task(machine, null));
        }
    }

    private void change(String what, VimCall<ManagedObjectReference> start) throws SourceException {
        try {
            new Tasks(session).again(what, start);
        } catch (VimFault e) {
            if (!e.is(InvalidPowerState.class)) { // somebody was faster
                throw session.explained(what, e);
            }
        }
    }
}
