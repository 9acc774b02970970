package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.NotSupported;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.Devices;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.Vim;
import io.migratekit.source.vcenter.soap.VimFault;
import io.migratekit.source.vcenter.task.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A machine and its change tracking. Known by its instance UUID, so that it may be renamed, moved or registered again
 * meanwhile. Every method may be repeated after a failure.
 */
public final class TrackedMachine {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedMachine.class);

    private final VCenterSession session;
    private final String instanceUuid;

    public TrackedMachine(VCenterSession session, String instanceUuid) {
        this.session = session;
        this.instanceUuid = instanceUuid;
    }

    /**
     * Returns its managed object reference now.
     *
     * @throws SourceException.NotFound if the vCenter has no such machine (any more)
     */
    public ManagedObjectReference reference() throws SourceException {
        ManagedObjectReference found = session.ask(
                "find the machine " + instanceUuid,
                vim -> vim.api().findByUuid(vim.content().getSearchIndex(), null, instanceUuid, true, true));
        if (found == null) {
            throw new SourceException.NotFound(
                    "vCenter %s has no machine with the instance UUID %s (any more), or its user may not see it"
                            .formatted(session.where(), instanceUuid));
        }
        return found;
    }

    /** Returns its disks as they are now. */
    public List<InventoryDisk> disks() throws SourceException {
        return state(reference()).disks();
    }

    /** Tells whether it is powered on. */
    public boolean running() throws SourceException {
        return state(reference()).running();
    }

    /** Tells why what its host says of changes is not to be believed; empty if it is. */
    public Optional<String> hostDoubt() throws SourceException {
        return HostDoubt.of(session, reference());
    }

    /** Tells whether its changes are tracked, and what is in the way. */
    public TrackingStatus status() throws SourceException {
        return TrackingStatus.of(state(reference()));
    }

    /** Returns what its snapshots are like, ours and other people's. */
    public SnapshotState snapshotState() throws SourceException {
        return SnapshotState.of(state(reference()));
    }

    private MachineState state(ManagedObjectReference machine) throws SourceException {
        return session.ask("describe " + machine.getVal(), vim -> MachineState.of(vim, machine));
    }

    /**
     * Switches change tracking on, and takes and removes a snapshot, since it only begins when the machine is paused for
     * a moment. Does nothing if it is on.
     *
     * @return whether it was off
     * @throws SourceException.Refused if it is not possible, with the reasons
     */
    public boolean enable() throws SourceException {
        ManagedObjectReference machine = reference();
        MachineState state = state(machine);
        if (state.enabled()) {
            return false;
        }
        TrackingStatus status = TrackingStatus.of(state);
        if (!status.possible()) {
            throw new SourceException.Refused("changes of '%s' cannot be tracked: %s"
                    .formatted(state.name(), String.join("; ", status.obstacles())));
        }
        String what = "switch change tracking of '%s' on".formatted(state.name());
        VirtualMachineConfigSpec change = new VirtualMachineConfigSpec();
        change.setChangeTrackingEnabled(true);
        try {
            new Tasks(session).again(what, vim -> vim.api().reconfigVM_Task(machine, change));
        } catch (VimFault e) {
            if (e.is(NotSupported.class)) {
                throw new SourceException.Refused(
                        "changes of '%s' cannot be tracked: vCenter %s says that its host or its hardware version (%s; 7 is needed) does not support it"
                                .formatted(state.name(), session.where(), state.hardware()),
                        e);
            }
            throw session.explained(what, e);
        }
        if (!state(machine).enabled()) {
            throw new SourceException.Refused(
                    "vCenter %s took the order to %s and left it off; look at the events of the machine"
                            .formatted(session.where(), what));
        }
        pause(machine);
        LOG.info("vCenter {}: changes of '{}' are tracked from now on", session.where(), state.name());
        return true;
    }

    private void pause(ManagedObjectReference machine) throws SourceException {
        MachineSnapshots snapshots = new MachineSnapshots(session, machine);
        MachineState state = state(machine).withoutQuiescing(); // nobody reads it
        String name = "migratekit-cbt-" + UUID.randomUUID().toString().substring(0, 8);
        snapshots.remove(
                snapshots.take(state, name, note -> LOG.info("{}", note)).id());
    }

    /**
     * Takes a snapshot of all disks at one moment, of a guest that was quiesced where VMware Tools run.
     *
     * @param name without our mark, which is added apart; at most 80 characters
     * @param notes gets what people should know of how it was taken
     * @throws SourceException.Refused if there are too many already, or the user may not
     */
    public OwnSnapshot takeSnapshot(String name, Consumer<String> notes) throws SourceException {
        ManagedObjectReference machine = reference();
        MachineState state = state(machine);
        if (state.consolidationNeeded()) {
            try {
                new Consolidation(session).ifNeeded(machine);
            } catch (SourceException.Unavailable e) {
                notes.accept(String.valueOf(e.getMessage())); // one more snapshot does no harm; many would be refused
            }
        }
        return new MachineSnapshots(session, machine).take(state, name, notes);
    }

    /** Returns all snapshots with our mark. */
    public List<OwnSnapshot> snapshots() throws SourceException {
        return new MachineSnapshots(session, reference()).all();
    }

    /** Finds a snapshot by the id that was given to it when it was taken. */
    public Optional<OwnSnapshot> findSnapshot(String id) throws SourceException {
        return new MachineSnapshots(session, reference()).find(id);
    }

    /**
     * Removes a snapshot with our mark, and waits until it is gone and the disks are consolidated.
     *
     * @param id ours; no error if it is gone already
     * @throws SourceException.Unavailable if it is still there, or the disks are not consolidated
     */
    public void removeSnapshot(String id) throws SourceException {
        new MachineSnapshots(session, reference()).remove(id);
    }

    /** Returns the disks as a snapshot holds them, with the change ids of its moment. */
    public List<InventoryDisk> disks(OwnSnapshot snapshot) throws SourceException {
        VirtualDevice[] devices = session.ask(
                        "describe snapshot '%s'".formatted(snapshot.name()),
                        vim -> new PropertyQuestion()
                                .of("VirtualMachineSnapshot", "config.hardware.device")
                                .ask(vim, Vim.reference("VirtualMachineSnapshot", snapshot.reference())))
                .get("config.hardware.device", VirtualDevice[].class)
                .orElseThrow(() -> new SourceException.Unavailable("vCenter %s does not tell the disks of snapshot '%s'"
                        .formatted(session.where(), snapshot.name())));
        return new Devices(devices).disks();
    }

    /**
     * Returns the change id of a disk at a snapshot's moment, if its changes were tracked then. To be asked soon after
     * that moment, as it also tells where the machine is.
     */
    public Optional<ChangeId> changeId(OwnSnapshot snapshot, InventoryDisk disk) throws SourceException {
        return moment(reference(), snapshot, disk).map(TrackedMoment::write);
    }

    private Optional<TrackedMoment> moment(ManagedObjectReference machine, OwnSnapshot snapshot, InventoryDisk disk)
            throws SourceException {
        if (disk.backing().changeId().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new TrackedMoment(
                disk.backing().changeId().get(),
                Optional.of(snapshot.taken()),
                OptionalLong.of(disk.capacityBytes()),
                Optional.of(machine.getVal()),
                HostBuild.of(session, machine)));
    }

    /**
     * Begins to ask for what changed on a disk between a change id and a snapshot.
     *
     * @throws SourceException.ChangesUnknown if that cannot be told, or the answers could not be trusted
     */
    public ChangeQuery changes(OwnSnapshot snapshot, InventoryDisk disk, ChangeId since) throws SourceException {
        ManagedObjectReference machine = reference();
        TrackedMoment from = TrackedMoment.parse(since);
        TrackedMoment until = moment(machine, snapshot, disk)
                .orElseThrow(() -> unknown(disk, from, "its changes were not tracked when the snapshot was taken"));
        check(machine, disk, from, until);
        return areas(machine, snapshot, disk, from.changeId()).begun();
    }

    /** Begins to ask for what is allocated on a disk, which only some datastores tell. */
    public ChangeQuery allocated(OwnSnapshot snapshot, InventoryDisk disk) throws SourceException {
        return areas(reference(), snapshot, disk, "*").begun();
    }

    private DiskAreas areas(ManagedObjectReference machine, OwnSnapshot snapshot, InventoryDisk disk, String since) {
        return new DiskAreas(
                session, machine, Vim.reference("VirtualMachineSnapshot", snapshot.reference()), disk.key(), since);
    }

    private void check(ManagedObjectReference machine, InventoryDisk disk, TrackedMoment from, TrackedMoment until)
            throws SourceException {
        if (!from.lineage().equals(until.lineage())) {
            throw unknown(disk, from, "change tracking was reset since then (now " + until.changeId() + ")");
        }
        if (from.sequence().isPresent()
                && until.sequence().isPresent()
                && from.sequence().getAsLong() > until.sequence().getAsLong()) {
            throw unknown(disk, from, "tracking went back since then (now " + until.changeId() + ")");
        }
        if (from.capacityBytes().orElse(disk.capacityBytes()) != disk.capacityBytes()) {
            throw unknown(
                    disk,
                    from,
                    "its size changed from %d to %d bytes, after which vSphere's answers cannot be relied on"
                            .formatted(from.capacityBytes().getAsLong(), disk.capacityBytes()));
        }
        Optional<String> doubt = doubt(machine, from);
        if (doubt.isPresent()) {
            throw unknown(disk, from, doubt.get());
        }
    }

    private Optional<String> doubt(ManagedObjectReference machine, TrackedMoment from) throws SourceException {
        if (from.taken().isEmpty() || !from.machine().equals(Optional.of(machine.getVal()))) {
            return Optional.of(
                    "the machine was registered anew since (it was %s and is %s), and vCenter does not tell what happened to it before, such as a revert"
                            .formatted(from.machine().orElse("another"), machine.getVal()));
        }
        Optional<String> then = HostDoubt.then(session, from.host());
        Optional<String> now = then.isPresent() ? then : HostDoubt.of(session, machine);
        return now.isPresent()
                ? now
                : new Reverts(session, machine).doubt(from.taken().get());
    }

    private SourceException.ChangesUnknown unknown(InventoryDisk disk, TrackedMoment since, String reason) {
        return new SourceException.ChangesUnknown("what changed on disk %d '%s' of machine %s since %s is not known: %s"
                .formatted(disk.key(), disk.label(), instanceUuid, since.changeId(), reason));
    }
}
