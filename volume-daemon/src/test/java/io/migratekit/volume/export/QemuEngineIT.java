package io.migratekit.volume.export;

import io.migratekit.nbd.client.TestCertificates;
import io.migratekit.nbd.peer.NeedsPeer;
import java.nio.file.Path;

@NeedsPeer({"qemu-storage-daemon", "certtool"})
final class QemuEngineIT extends ExportEngineContract {
    @Override
    ExportEngine build(ExportEngines engines) {
        return engines.qemu();
    }

    @Override
    void makeCertificates(Path certificates) throws Exception {
        TestCertificates.make(certificates, "localhost");
    }
}
