package io.migratekit.volume.export;

import io.migratekit.nbd.peer.NeedsPeer;

@NeedsPeer("qemu-storage-daemon")
final class QemuFenceIT extends ExportFenceContract {
    @Override
    ExportEngine build(ExportEngines engines) {
        return engines.qemu();
    }
}
