package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.NoPermission;
import com.vmware.vim25.SnapshotFault;
import com.vmware.vim25.TooManySnapshotLevels;
import com.vmware.vim25.ToolsUnavailable;
import com.vmware.vim25.VmConfigFault;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.Vim;
import io.migratekit.source.vcenter.soap.VimFault;
import io.migratekit.source.vcenter.task.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes, finds and removes the snapshots of one machine that have our mark, and no others. */
final class MachineSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(MachineSnapshots.class);

    /** How long it is looked for what a host may be doing although nobody can tell any more that it does. */
    private static final Duration UNSEEN_MAX = Duration.ofMinutes(5);

    private final VCenterSession session;
    private final ManagedObjectReference machine;
    private final Tasks tasks;

    MachineSnapshots(VCenterSession session, ManagedObjectReference machine) {
        this.session = session;
        this.machine = machine;
        this.tasks = new Tasks(session);
    }

    /**
     * Takes one of all disks at one moment.
     *
     * @param notes gets what people should know of how it was taken
     */
    OwnSnapshot take(MachineState state, String name, Consumer<String> notes) throws SourceException {
        if (state.chain() > SnapshotState.CHAIN_MAX) {
            throw new SourceException.Refused(
                    "'%s' has a chain of %d snapshots already, of 32 that vSphere can hold; remove some in vCenter first"
                            .formatted(state.name(), state.chain() - 1));
        }
        if (state.quiesceable()) {
            try {
                return take(state, name, true);
            } catch (VimFault e) {
                refuseForGood(state, e);
                if (!aboutTheGuest(e)) {
                    throw session.explained("take a snapshot of '%s'".formatted(state.name()), e);
                }
                note(notes, "the guest of '%s' could not be quiesced (%s)".formatted(state.name(), e.getMessage()));
            }
        } else if (state.running()) {
            note(notes, "VMware Tools do not run in the guest of '%s', so it was not quiesced".formatted(state.name()));
        }
        try {
            return take(state, name, false);
        } catch (VimFault e) {
            refuseForGood(state, e);
            throw session.explained("take a snapshot of '%s'".formatted(state.name()), e);
        }
    }

    /** Tells whether a snapshot without quiescing may succeed; what else is wrong would be so for that one as well. */
    private static boolean aboutTheGuest(VimFault fault) {
        return fault.is(SnapshotFault.class)
                || fault.is(ToolsUnavailable.class)
                || fault.is(VmConfigFault.class) // how hosts tell of a guest that could not be quiesced
                || String.valueOf(fault.getMessage()).toLowerCase(Locale.ROOT).contains("quiesc");
    }

    private void note(Consumer<String> notes, String reason) {
        String note = reason + "; the snapshot holds its disks as after a power failure";
        LOG.warn("vCenter {}: {}", session.where(), note);
        notes.accept(note);
    }

    private static void refuseForGood(MachineState state, VimFault fault) throws SourceException {
        if (fault.is(TooManySnapshotLevels.class)) {
            throw new SourceException.Refused(
                    "'%s' has as many snapshots as vSphere lets it have (%d); remove some in vCenter first"
                            .formatted(state.name(), state.snapshots().size()),
                    fault);
        }
        if (fault.is(NoPermission.class)) {
            throw new SourceException.Refused(
                    "the user may not take snapshots of '%s': give it the privilege VirtualMachine.State.CreateSnapshot"
                            .formatted(state.name()),
                    fault);
        }
    }

    private OwnSnapshot take(MachineState state, String name, boolean quiesced) throws SourceException, VimFault {
        String id = UUID.randomUUID().toString();
        String what = "take a snapshot of '%s'".formatted(state.name());
        Instant now = session.now();
        long endNanos = System.nanoTime() + session.limits().taskTimeout().toNanos();
        try {
            tasks.once(
                    what,
                    vim -> vim.api()
                            .createSnapshot_Task(machine, name, OwnSnapshot.description(id, now), false, quiesced));
        } catch (SourceException e) {
            return rescued(id, e, endNanos); // the answer was lost, and may have been yes
        }
        return find(id).orElseThrow(() -> new SourceException.NotFound(
                "the snapshot '%s' of '%s' was taken, and somebody removed it at once".formatted(name, state.name())));
    }

    /**
     * Looks for a snapshot of which nobody knows whether it was begun: until it is there, or no snapshot of the machine is
     * being taken. A quiesced one takes minutes, and would otherwise appear when everybody has left.
     */
    private OwnSnapshot rescued(String id, SourceException failure, long endNanos) throws SourceException {
        boolean interrupted = Thread.interrupted(); // one look has to be possible
        long startNanos = System.nanoTime();
        try {
            for (boolean more = true; more; ) {
                more = !interrupted
                        && System.nanoTime() < endNanos
                        && (System.nanoTime() - startNanos < unseen().toNanos()
                                || tasks.runs(machine, "createSnapshot"));
                Optional<OwnSnapshot> found = find(id);
                if (found.isPresent()) {
                    LOG.info("vCenter {}: snapshot {} was taken although no answer came", session.where(), id);
                    return found.get();
                }
                if (more) {
                    Thread.sleep(session.limits().firstPause().toMillis());
                }
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (SourceException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        throw failure;
    }

    private Duration unseen() {
        Duration outage = session.limits().outageMax();
        return outage.compareTo(UNSEEN_MAX) < 0 ? outage : UNSEEN_MAX;
    }

    /** Returns all with our mark. */
    List<OwnSnapshot> all() throws SourceException {
        MachineState state = session.ask("list snapshots", vim -> MachineState.of(vim, machine));
        List<OwnSnapshot> own = new ArrayList<>();
        state.snapshots().forEach(tree -> OwnSnapshot.of(tree).ifPresent(own::add));
        return own;
    }

    /** Finds one by the id that was given to it when it was taken. */
    Optional<OwnSnapshot> find(String id) throws SourceException {
        return all().stream().filter(own -> own.id().equals(id)).findFirst();
    }

    /**
     * Removes one, waits until it is gone and the disks are consolidated. Does nothing more if it is gone already.
     *
     * @param id ours: what is removed is looked for by it, whatever references were handed out since
     */
    void remove(String id) throws SourceException {
        Optional<OwnSnapshot> own = find(id);
        if (own.isPresent()) {
            remove(own.get());
        }
        new Consolidation(session).ifNeeded(machine);
    }

    private void remove(OwnSnapshot own) throws SourceException {
        String what = "remove the snapshot '%s' of %s".formatted(own.name(), machine.getVal());
        ManagedObjectReference snapshot = Vim.reference("VirtualMachineSnapshot", own.reference());
        try {
            tasks.again(what, vim -> vim.api().removeSnapshot_Task(snapshot, false, true));
        } catch (VimFault e) {
            if (find(own.id()).isPresent()) {
                throw session.explained(what, e);
            }
        }
        if (find(own.id()).isPresent()) { // whatever was answered: what is there grows
            throw new SourceException.Unavailable(
                    "vCenter %s was to %s, says that it did, and still lists it; look at the events of the machine"
                            .formatted(session.where(), what));
        }
    }
}
