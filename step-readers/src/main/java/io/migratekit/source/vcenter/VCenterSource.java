package io.migratekit.source.vcenter;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceAdapter;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceRef;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import io.migratekit.source.vcenter.tracking.TrackedMachine;
import io.migratekit.source.vddk.VddkReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens machines of vCenters, each with a session of its own. */
final class VCenterSource implements SourceAdapter {
    private final AccountSearch search;
    private final VCenterSessions sessions;
    private final VddkReader reader;
    private final FullPlan fullPlan;

    VCenterSource(VCenterAccounts accounts, VCenterSessions sessions, VddkReader reader, FullPlan fullPlan) {
        this.search = new AccountSearch(accounts, sessions);
        this.sessions = sessions;
        this.reader = reader;
        this.fullPlan = fullPlan;
    }

    @Override
    public String form() {
        return "a disk of a vCenter (" + VCenterRef.FORM + ")";
    }

    @Override
    public boolean accepts(SourceRef ref) {
        return VCenterRef.isIn(ref);
    }

    @Override
    public SourceMachine open(String machineName, Map<DiskKey, SourceRef> disks) throws IOException {
        VCenterRef first = VCenterRef.parse(disks.values().iterator().next());
        Map<DiskKey, Integer> keys = keys(machineName, disks, first);
        VCenterAccount account = search.account(machineName, first.vCenter());
        VCenterSession session = sessions.open(account);
        try {
            search.check(account, session, first.vCenter());
            TrackedMachine tracked = find(machineName, session, first.machine());
            VCenterMachine machine = new VCenterMachine(
                    machineName, keys, session, tracked, new DiskReader(account, session, reader), fullPlan);
            machine.disks(); // a machine or disk that is not there is told now
            return machine;
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Names the machine as we know it, where the vCenter knows it no more. */
    private static TrackedMachine find(String machineName, VCenterSession session, String instanceUuid)
            throws SourceException {
        TrackedMachine tracked = new TrackedMachine(session, instanceUuid);
        try {
            tracked.reference();
            return tracked;
        } catch (SourceException.NotFound e) {
            throw new SourceException.NotFound(
                    "machine '%s' is gone: %s. If it was deleted on purpose, remove the VM here"
                            .formatted(machineName, e.getMessage()));
        }
    }

    private static Map<DiskKey, Integer> keys(String machineName, Map<DiskKey, SourceRef> disks, VCenterRef first) {
        Map<DiskKey, Integer> keys = new LinkedHashMap<>();
        disks.forEach((key, text) -> {
            VCenterRef ref = VCenterRef.parse(text);
            if (!ref.vCenter().equals(first.vCenter()) || !ref.machine().equals(first.machine())) {
                throw new IllegalArgumentException(
                        "the disks of machine '%s' belong to machines %s and %s; they could not be frozen at one moment"
                                .formatted(machineName, first.machine(), ref.machine()));
            }
            if (keys.containsValue(ref.disk())) {
                throw new IllegalArgumentException("machine '%s' names '%s' twice".formatted(machineName, text));
            }
            keys.put(key, ref.disk());
        });
        return keys;
    }
}
