package io.migratekit.source.vcenter;

import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import io.migratekit.source.vcenter.tracking.TrackedMachine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Opens sessions where machines are, of which only the UUIDs are known. For any thread. */
final class AccountSearch {
    private final VCenterAccounts accounts;
    private final VCenterSessions sessions;
    private final Map<String, String> seeing = new ConcurrentHashMap<>(); // accounts by machine: asked first

    AccountSearch(VCenterAccounts accounts, VCenterSessions sessions) {
        this.accounts = accounts;
        this.sessions = sessions;
    }

    /** How to log in. */
    interface Opening {
        VCenterSession open(VCenterAccount account) throws SourceException;
    }

    /** An account that sees a machine, and its session. */
    record Found(VCenterAccount account, VCenterSession session) {}

    /**
     * Opens a session with the first account that leads to a machine's vCenter and sees the machine there: each may see
     * only its own folder. The one that the machine was added by is asked first.
     *
     * @return the session; close it
     * @throws SourceException.NotFound if no account leads to that vCenter, or none that does sees the machine
     * @throws SourceException.Unavailable if none does, and several vCenters could not be asked who they are
     */
    Found open(String machineName, VCenterRef disk, Opening opening) throws IOException {
        List<VCenterAccount> candidates = candidates(machineName, disk);
        List<String> others = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        List<SourceException.NotFound> blind = new ArrayList<>();
        VCenterAccount lastSilent = null;
        for (VCenterAccount candidate : candidates) {
            if (candidates.size() > 1) { // a single one is checked after the log-in, which may wait for it
                try {
                    if (!sessions.identify(candidate).equals(disk.vCenter())) {
                        others.add(candidate.name());
                        continue;
                    }
                } catch (SourceException e) {
                    silent.add(String.valueOf(e.getMessage()));
                    lastSilent = candidate;
                    continue;
                }
            }
            try {
                return opened(candidate, disk, opening);
            } catch (SourceException.NotFound e) {
                blind.add(e);
            }
        }
        if (!blind.isEmpty()) {
            throw new SourceException.NotFound(
                    "machine '%s' is gone: %s. If it was deleted on purpose, remove the VM here"
                            .formatted(machineName, blind.get(0).getMessage()));
        }
        if (silent.size() == 1 && lastSilent != null) {
            return opened(lastSilent, disk, opening); // it can be no other, and is waited for
        }
        throw none(machineName, disk.vCenter(), others, silent);
    }

    private Found opened(VCenterAccount account, VCenterRef disk, Opening opening) throws IOException {
        VCenterSession session = opening.open(account);
        try {
            check(account, session, disk.vCenter());
            new TrackedMachine(session, disk.machine()).reference();
            seeing.put(disk.machine(), account.name());
            return new Found(account, session);
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private List<VCenterAccount> candidates(String machineName, VCenterRef disk) throws IOException {
        String sees = seeing.getOrDefault(disk.machine(), "");
        List<VCenterAccount> candidates = new ArrayList<>(accounts.candidates(disk.vCenter(), machineName));
        candidates.sort(Comparator.comparing(candidate -> !candidate.name().equals(sees)));
        return candidates;
    }

    private static SourceException none(String machineName, String vCenter, List<String> others, List<String> silent) {
        String start = "machine '%s' is of the vCenter %s".formatted(machineName, vCenter);
        if (!silent.isEmpty()) {
            return new SourceException.Unavailable(
                    start + ", and not all vCenters tell who they are: " + String.join("; ", silent));
        }
        return new SourceException.NotFound(start + ", of which there is no account; add it with 'vcenter add'"
                + (others.isEmpty() ? "" : " (there are others: " + String.join(", ", others) + ")"));
    }

    /** Makes sure that a session is at the vCenter that was meant. */
    private static void check(VCenterAccount account, VCenterSession session, String vCenter) throws SourceException {
        if (!session.instanceUuid().equals(vCenter)) {
            throw new SourceException.Untrustworthy(
                    "the machine is of the vCenter %s, and the only account '%s' leads to %s, which is the vCenter %s; nothing is read from it. Add the right one with 'vcenter add'"
                            .formatted(vCenter, account.name(), session.where(), session.instanceUuid()));
        }
    }
}
