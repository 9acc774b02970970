package io.migratekit.nbd.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PeerIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    @NeedsPeer({"nbdkit", "nbdinfo"})
    void startsAndEndsNbdkit() {
        Peer peer = Peer.nbdkit(folder, "memory", "1M");
        assertThat(size(peer, "")).isEqualTo("1048576");
        peer.close();
        assertThat(peer.alive()).isFalse();
    }

    @Test
    @NeedsPeer({"qemu-nbd", "nbdinfo"})
    void startsQemuNbdForManyConnections() throws Exception {
        Path image = Files.write(folder.resolve("disk.raw"), new byte[65536]);
        try (Peer peer = Peer.qemuNbd(folder, "-f", "raw", image.toString())) {
            assertThat(size(peer, "")).isEqualTo("65536");
            assertThat(size(peer, "")).isEqualTo("65536");
        }
    }

    @Test
    @NeedsPeer({"qemu-storage-daemon", "nbdinfo"})
    void startsTheStorageDaemon() throws Exception {
        Path image = Files.write(folder.resolve("disk.raw"), new byte[65536]);
        String node = "driver=file,node-name=disk,filename=" + image;
        try (Peer peer = Peer.storageDaemon(
                folder, "--blockdev", node, "--export", "type=nbd,id=e,node-name=disk,name=disk,writable=on")) {
            assertThat(size(peer, "disk")).isEqualTo("65536");
        }
    }

    @Test
    @NeedsPeer({"nbd-server", "nbdinfo"})
    void startsNbdServer() throws Exception {
        Path image = Files.write(folder.resolve("disk.raw"), new byte[65536]);
        try (Peer peer = Peer.nbdServer(folder, "[disk]\nexportname = " + image + "\nflush = true\nfua = true")) {
            assertThat(size(peer, "disk")).isEqualTo("65536");
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void tellsWhyAPeerDidNotStart() {
        assertThatThrownBy(() -> Peer.nbdkit(folder, "no-such-plugin"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no-such-plugin");
    }

    private static String size(Peer peer, String export) {
        return Peer.run(TIMEOUT, "nbdinfo", "--size", peer.uri(export).toString())
                .orFail()
                .strip();
    }
}
