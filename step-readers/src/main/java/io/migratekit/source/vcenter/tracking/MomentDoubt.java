package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.ManagedObjectReference;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.util.List;
import java.util.Optional;

/** Tells why vSphere's answer to what changed between two moments could be wrong without an error. */
final class MomentDoubt {
    private final VCenterSession session;
    private final ManagedObjectReference machine;

    MomentDoubt(VCenterSession session, ManagedObjectReference machine) {
        this.session = session;
        this.machine = machine;
    }

    private interface Doubt {
        Optional<String> reason() throws SourceException;
    }

    /**
     * Returns the first reason; empty if there is none.
     *
     * @param until the moment of a snapshot that is there now
     */
    Optional<String> of(TrackedMoment from, TrackedMoment until) throws SourceException {
        List<Doubt> doubts = List.of(
                () -> told(from, until),
                () -> registered(from),
                () -> UntrackedSnapshots.doubt(
                        session, session.ask("list snapshots", vim -> MachineState.of(vim, machine))),
                () -> HostDoubt.then(session, from.host()),
                () -> HostDoubt.of(session, machine),
                () -> new Reverts(session, machine).doubt(from.taken().orElseThrow()));
        for (Doubt doubt : doubts) {
            Optional<String> reason = doubt.reason();
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    /** Looks at what the two say by themselves. */
    private static Optional<String> told(TrackedMoment from, TrackedMoment until) {
        if (!from.lineage().equals(until.lineage())) {
            return Optional.of("change tracking was reset since then (now " + until.changeId() + ")");
        }
        if (from.sequence().isPresent()
                && until.sequence().isPresent()
                && from.sequence().getAsLong() > until.sequence().getAsLong()) {
            return Optional.of("tracking went back since then (now " + until.changeId() + ")");
        }
        if (from.capacityBytes().isPresent() && !from.capacityBytes().equals(until.capacityBytes())) {
            return Optional.of("its size changed from %d to %d bytes, after which vSphere's answers cannot be relied on"
                    .formatted(
                            from.capacityBytes().getAsLong(),
                            until.capacityBytes().orElse(0)));
        }
        return Optional.empty();
    }

    private Optional<String> registered(TrackedMoment from) {
        return from.taken().isPresent() && from.machine().equals(Optional.of(machine.getVal()))
                ? Optional.empty()
                : Optional.of(
                        "the machine was registered anew since (it was %s and is %s), and vCenter does not tell what happened to it before, such as a revert"
                                .formatted(from.machine().orElse("another"), machine.getVal()));
    }
}
