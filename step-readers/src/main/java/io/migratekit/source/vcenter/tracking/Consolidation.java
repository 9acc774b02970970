package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.soap.VimFault;
import io.migratekit.source.vcenter.task.Tasks;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Merges what removed snapshots left of a machine's disks. */
final class Consolidation {
    private static final Logger LOG = LoggerFactory.getLogger(Consolidation.class);

    private final VCenterSession session;
    private final Tasks tasks;

    Consolidation(VCenterSession session) {
        this.session = session;
        this.tasks = new Tasks(session);
    }

    /**
     * Merges if the machine needs it, and waits for the end.
     *
     * @throws SourceException.Unavailable if it needs it still
     */
    void ifNeeded(ManagedObjectReference machine) throws SourceException {
        String what = "consolidate the disks of " + machine.getVal();
        MachineState state = session.ask(what, vim -> MachineState.of(vim, machine));
        if (!state.consolidationNeeded()) {
            return;
        }
        LOG.info("vCenter {}: the disks of '{}' need consolidation; doing it", session.where(), state.name());
        try {
            tasks.again(what, vim -> vim.api().consolidateVMDisks_Task(machine));
        } catch (VimFault e) {
            throw needed(state, e);
        }
        if (session.ask(what, vim -> MachineState.of(vim, machine)).consolidationNeeded()) {
            throw needed(state, null);
        }
    }

    private SourceException needed(MachineState state, @Nullable VimFault fault) {
        String message =
                "the disks of '%s' need consolidation, and vCenter %s did not manage it%s. Until it is done they grow and slow down: see that no backup holds them, and use Snapshots > Consolidate in vCenter"
                        .formatted(state.name(), session.where(), fault == null ? "" : ": " + fault.getMessage());
        return fault == null
                ? new SourceException.Unavailable(message)
                : new SourceException.Unavailable(message, fault);
    }
}
