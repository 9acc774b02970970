package io.migratekit.volume.daemon;

import io.migratekit.nbd.peer.NeedsPeer;

@NeedsPeer("qemu-storage-daemon")
final class QemuExportsIT extends ExportsContract {
    QemuExportsIT() {
        super("qemu");
    }
}
