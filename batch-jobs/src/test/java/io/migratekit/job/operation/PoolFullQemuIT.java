package io.migratekit.job.operation;

import io.migratekit.nbd.peer.NeedsPeer;

/** The same through qemu-storage-daemon, whose errors are not ours. */
@NeedsPeer({"mount", "qemu-storage-daemon"})
final class PoolFullQemuIT extends PoolFullIT {
    @Override
    String engine() {
        return "qemu";
    }
}
