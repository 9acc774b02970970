package io.migratekit.source.vcenter;

import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the account for a vCenter, of which only the UUID is known. For any thread. */
final class AccountSearch {
    private final VCenterAccounts accounts;
    private final VCenterSessions sessions;

    AccountSearch(VCenterAccounts accounts, VCenterSessions sessions) {
        this.accounts = accounts;
        this.sessions = sessions;
    }

    /**
     * Finds the account.
     *
     * @throws SourceException.NotFound if no account leads to that vCenter
     * @throws SourceException.Unavailable if none does, and several vCenters could not be asked who they are
     */
    VCenterAccount account(String machineName, String vCenter) throws IOException {
        List<VCenterAccount> candidates = accounts.candidates(vCenter, machineName);
        if (candidates.size() == 1) {
            return candidates.get(0); // it is checked after the log-in, which may wait for it
        }
        List<String> others = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        VCenterAccount lastSilent = null;
        for (VCenterAccount candidate : candidates) {
            try {
                if (sessions.identify(candidate).equals(vCenter)) {
                    return candidate;
                }
                others.add(candidate.name());
            } catch (SourceException e) {
                silent.add(String.valueOf(e.getMessage()));
                lastSilent = candidate;
            }
        }
        if (silent.size() == 1 && lastSilent != null) {
            return lastSilent; // it can be no other, and is waited for
        }
        throw none(machineName, vCenter, others, silent);
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
    void check(VCenterAccount account, VCenterSession session, String vCenter) throws SourceException {
        if (!session.instanceUuid().equals(vCenter)) {
            throw new SourceException.Untrustworthy(
                    "the machine is of the vCenter %s, and the only account '%s' leads to %s, which is the vCenter %s; nothing is read from it. Add the right one with 'vcenter add'"
                            .formatted(vCenter, account.name(), session.where(), session.instanceUuid()));
        }
    }
}
