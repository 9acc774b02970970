package io.migratekit.source.vcenter;

import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterAccounts;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VCenterSessions;
import java.io.IOException;

/**
 * Opens sessions for people, who do not want to wait for a vCenter that is away. For any thread; whoever opens a session
 * closes it.
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
        VCenterAccount account = accounts.named(name)
                .orElseThrow(() -> new SourceException.NotFound(
                        "there is no vCenter '%s'; 'vcenter list' shows those there are".formatted(name)));
        return sessions.openNow(account);
    }

    /**
     * Logs in where a disk is, with the first account that sees its machine there.
     *
     * @param machineName of its machine, for messages
     * @throws SourceException.NotFound if no account leads there, or none that does sees the machine
     */
    public VCenterSession of(String machineName, VCenterRef disk) throws IOException {
        return search.open(machineName, disk, sessions::openNow).session();
    }
}
