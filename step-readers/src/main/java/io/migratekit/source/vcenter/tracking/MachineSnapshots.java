package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.ManagedObjectNotFound;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.NoPermission;
import com.vmware.vim25.TooManySnapshotLevels;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.Vim;
import io.migratekit.source.vcenter.soap.VimFault;
import io.migratekit.source.vcenter.task.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes, finds and removes the snapshots of one machine that have our mark, and no others. */
final class MachineSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(MachineSnapshots.class);

    private static final int ORDERS_MAX = 3;

    /** How long it is waited for what a host may do although nobody can tell any more that it does. */
    private static final Duration LOST_TASK_MAX = Duration.ofMinutes(5);

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
        try {
            tasks.once(
                    what,
                    vim -> vim.api()
                            .createSnapshot_Task(machine, name, OwnSnapshot.description(id, now), false, quiesced));
        } catch (SourceException e) {
            return rescued(what, id, e); // the answer was lost, or the task, and the host may be at it still
        }
        return find(id).orElseThrow(() -> new SourceException.NotFound(
                "the snapshot '%s' of '%s' was taken, and somebody removed it at once".formatted(name, state.name())));
    }

    private OwnSnapshot rescued(String what, String id, SourceException failure) throws SourceException {
        try {
            Optional<OwnSnapshot> found = tasks.look(what, lostTask(), () -> find(id), Optional::isPresent);
            if (found.isPresent()) {
                LOG.info("vCenter {}: snapshot {} was taken although no answer came", session.where(), id);
                return found.get();
            }
        } catch (SourceException e) {
            failure.addSuppressed(e);
        }
        throw failure;
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
        for (int order = 1; own.isPresent(); order++) {
            String what = "remove the snapshot '%s' of %s".formatted(own.get().name(), machine.getVal());
            if (order > ORDERS_MAX) {
                throw new SourceException.Unavailable(
                        "vCenter %s was told %d times to %s, and it is still there; look at the machine's events"
                                .formatted(session.where(), ORDERS_MAX, what));
            }
            own = removed(what, own.get());
        }
        new Consolidation(session).ifNeeded(machine);
    }

    /** Orders the removal and waits for it; returns the snapshot if it is there all the same. */
    private Optional<OwnSnapshot> removed(String what, OwnSnapshot own) throws SourceException {
        String id = own.id();
        try {
            tasks.again(
                    what,
                    vim -> vim.api()
                            .removeSnapshot_Task(
                                    Vim.reference("VirtualMachineSnapshot", own.reference()), false, true));
            return find(id);
        } catch (VimFault e) {
            Optional<OwnSnapshot> still = find(id);
            if (!e.is(ManagedObjectNotFound.class) && still.isPresent()) {
                throw session.explained(what, e);
            }
            return still;
        } catch (SourceException.NotFound e) {
            LOG.info("vCenter {} lost the task that was to {}: {}", session.where(), what, e.getMessage());
            return tasks.look(what, lostTask(), () -> find(id), Optional::isEmpty);
        }
    }

    /** A vCenter that restarts forgets its tasks, while hosts go on with them. */
    private Duration lostTask() {
        Duration outage = session.limits().outageMax();
        return outage.compareTo(LOST_TASK_MAX) < 0 ? outage : LOST_TASK_MAX;
    }
}
