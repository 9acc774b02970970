package io.migratekit.volume.operation;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.local.LocalSite;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract over qcow2 images and qemu-storage-daemon, as production has it on a KVM host, asked over HTTP. */
@NeedsPeer({"qemu-img", "qemu-io", "qemu-storage-daemon"})
final class LocalVolumesIT extends ServedVolumesContract {
    @TempDir
    static Path folder;

    private static HttpTransport http;

    @BeforeAll
    static void listen() {
        http = new HttpTransport(folder);
    }

    @AfterAll
    static void stopListening() {
        http.close();
    }

    @Override
    Site site() {
        return LocalSite.qemu(folder);
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return http.reach(daemon);
    }
}
