package io.migratekit.source.vcenter;

import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import java.io.IOException;

/**
 * Gives sessions to people, who do not want to wait for a vCenter that is away. For any thread; whoever gets a session
 * closes it. One session of an account is shared by all, and kept for some minutes: see {@link VCenterSessions#share}.
 */
public final class VCenters {
    private final VCenterAccounts accounts;
    private final VCenterSessions sessions;
    private final AccountSearch search;

    VCenters(VCenterAccounts accounts, VCenterSessions sessions) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.search = new AccountSearch(accounts, sessions);
    }

    /**
     * Logs in with the account of that name.
     *
     * @throws SourceException.NotFound if there is none
     * @throws SourceException.Refused if user, password, rights, address or certificate are to be mended first
     * @throws SourceException.Unavailable if the vCenter does not answer
     */
    public VCenterSession named(String name) throws IOException {
        return sessions.share(account(name));
    }

    /** Does the same with a log-in of its own, which shows whether user and password are right now. */
    public VCenterSession anew(String name) throws IOException {
        return sessions.openNow(account(name));
    }

    private VCenterAccount account(String name) throws IOException {
        return accounts.named(name)
                .orElseThrow(() -> new SourceException.NotFound(
                        "there is no vCenter '%s'; 'vcenter list' shows those there are".formatted(name)));
    }

    /**
     * Logs in where a disk is, with the first account that sees its machine there.
     *
     * @param machineName of its machine, for messages
     * @throws SourceException.NotFound if no account leads there, or none that does sees the machine
     */
    public VCenterSession of(String machineName, VCenterRef disk) throws IOException {
        return search.open(machineName, disk, sessions::share).session();
    }
}
