package io.migratekit.source.vcenter;

import io.migratekit.source.DiskAccess;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vddk.VddkDisk;
import io.migratekit.source.vddk.VddkReader;
import io.migratekit.source.vddk.VddkServer;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens disks with the account, and the certificate, of one session. VDDK logs in apart from that and waits for no
 * vCenter that restarts, so this does.
 */
final class DiskReader {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReader.class);

    private final VCenterAccount account;
    private final VCenterSession session;
    private final VddkReader reader;

    DiskReader(VCenterAccount account, VCenterSession session, VddkReader reader) {
        this.account = account;
        this.session = session;
        this.reader = reader;
    }

    DiskAccess open(VddkDisk disk) throws IOException {
        VddkServer server = new VddkServer(
                account.host(), account.port(), account.user(), account.secret(), session.sha1Thumbprint());
        Duration patience = session.limits().outageMax();
        try {
            return reader.open(server, disk, patience);
        } catch (SourceException.Unavailable e) {
            LOG.warn("{}; it is tried once more, when vCenter {} answers", e.getMessage(), session.where());
            session.now();
            return reader.open(server, disk, patience);
        }
    }
}
