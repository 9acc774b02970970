package io.migratekit.source.vcenter;

import io.migratekit.source.DiskAccess;
import io.migratekit.source.vcenter.session.VCenterAccount;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vddk.VddkDisk;
import io.migratekit.source.vddk.VddkReader;
import io.migratekit.source.vddk.VddkServer;
import java.io.IOException;

/** Opens disks with the account, and the certificate, of one session. */
final class DiskReader {
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
        return reader.open(server, disk);
    }
}
