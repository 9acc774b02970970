package io.migratekit.nbd.client;

import static io.migratekit.nbd.client.RoundTrip.filled;
import static io.migratekit.nbd.client.RoundTrip.random;
import static io.migratekit.nbd.client.RoundTrip.read;
import static io.migratekit.nbd.client.RoundTrip.readWrite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Our client against servers that others wrote. */
@Timeout(120)
final class NbdClientIT {
    private static final int SIZE_BYTES = 8 << 20;
    private static final ClientOptions ALLOCATION = ClientOptions.defaults().withContexts(Transmission.BASE_ALLOCATION);

    @TempDir
    Path folder;

    @Test
    @NeedsPeer("nbdkit")
    void everyCommandWorksOnMemoryOfNbdkit() throws IOException {
        try (Peer peer = Peer.nbdkit(folder, "memory", "8M")) {
            everyCommand(peer.uri(""));
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void everyCommandWorksOnAFileOfNbdkit() throws IOException {
        Path image = sparse("disk.raw", SIZE_BYTES);
        try (Peer peer = Peer.nbdkit(folder, "file", image.toString())) {
            everyCommand(peer.uri(""));
        }
    }

    @Test
    @NeedsPeer({"qemu-nbd", "qemu-img"})
    void everyCommandWorksOnAnImageOfQemuNbd() throws IOException {
        Path image = qcow2("disk.qcow2");
        try (Peer peer = Peer.qemuNbd(folder, "-f", "qcow2", "--discard=unmap", "-x", "disk", image.toString())) {
            everyCommand(peer.uri("disk"));
        }
    }

    @Test
    @NeedsPeer("qemu-storage-daemon")
    void everyCommandWorksOnQemuStorageDaemon() throws IOException {
        Path image = sparse("disk.raw", SIZE_BYTES);
        try (Peer peer = Peer.storageDaemon(
                folder,
                "--blockdev",
                "driver=file,node-name=f,discard=unmap,filename=" + image,
                "--export",
                "type=nbd,id=e,node-name=f,name=disk,writable=on")) {
            everyCommand(peer.uri("disk"));
            assertThat(NbdClient.list(peer.uri(""), ALLOCATION))
                    .extracting(ListedExport::name)
                    .contains("disk");
        }
    }

    @Test
    @NeedsPeer("nbd-server")
    void readsWritesAndFlushesOnNbdServer() throws IOException {
        Path image = sparse("disk.raw", SIZE_BYTES);
        try (Peer peer = Peer.nbdServer(
                        folder, "[disk]\nexportname = " + image + "\nflush = true\nfua = true\ntrim = true\n");
                NbdClient client = NbdClient.connect(peer.uri("disk"), ALLOCATION)) {
            assertThat(client.export().canFlush()).isTrue();
            readWrite(client);
            client.flush();
        }
    }

    @Test
    @NeedsPeer("nbd-server")
    void seesThatNbdServerOffersNoFlush() throws IOException {
        Path image = sparse("disk.raw", SIZE_BYTES);
        try (Peer peer = Peer.nbdServer(folder, "[disk]\nexportname = " + image + "\n");
                NbdClient client = NbdClient.connect(peer.uri("disk"), ALLOCATION)) {
            assertThat(client.export().canFlush()).isFalse();
        }
    }

    @Test
    @NeedsPeer("nbd-server")
    void saysWhichExportIsMissing() throws IOException {
        Path image = sparse("disk.raw", SIZE_BYTES);
        try (Peer peer = Peer.nbdServer(folder, "[disk]\nexportname = " + image + "\n")) {
            assertThatThrownBy(() -> NbdClient.connect(peer.uri("other"), ALLOCATION))
                    .isInstanceOf(NbdException.Refused.class)
                    .hasMessageContaining("other");
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void speaksWithoutStructuredRepliesAndWithoutGo() throws IOException {
        try (Peer peer = Peer.nbdkit(folder, "--no-sr", "memory", "8M");
                NbdClient client = NbdClient.connect(peer.uri(""), ALLOCATION)) {
            assertThat(client.export().metaContexts()).isEmpty();
            readWrite(client);
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void readsAndWritesDisksOfOddSize() throws IOException {
        try (Peer peer = Peer.nbdkit(folder, "memory", "1000001");
                NbdClient client = NbdClient.connect(peer.uri(""), ALLOCATION)) {
            assertThat(client.export().sizeBytes()).isEqualTo(1_000_001);
            byte[] tail = random(333, 1);
            client.write(1_000_001 - 333, ByteBuffer.wrap(tail), 0);
            assertThat(read(client, 1_000_001 - 333, 333)).isEqualTo(tail);
            assertThatThrownBy(() -> client.write(1_000_000, ByteBuffer.allocate(2), 0))
                    .isInstanceOf(NbdException.RequestFailed.class);
            assertThat(read(client, 1_000_000, 1)).containsExactly(tail[332]);
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void obeysTheBlockSizesThatAServerDemands() throws IOException {
        try (Peer peer = Peer.nbdkit(
                        folder,
                        "--filter=blocksize-policy",
                        "memory",
                        "8M",
                        "blocksize-minimum=4096",
                        "blocksize-preferred=65536",
                        "blocksize-maximum=131072",
                        "blocksize-error-policy=error");
                NbdClient client = NbdClient.connect(peer.uri(""), ALLOCATION)) {
            assertThat(client.export().blockBytesMin()).isEqualTo(4096);
            assertThat(client.export().blockBytesPreferred()).isEqualTo(65536);
            assertThat(client.export().payloadBytesMax()).isEqualTo(131072);
            byte[] content = random(1 << 20, 2);
            client.write(4096, ByteBuffer.wrap(content), 0);
            assertThat(read(client, 4096, 1 << 20)).isEqualTo(content);
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void saysWhatAServerSaysOfAnError() throws IOException {
        try (Peer peer = Peer.nbdkit(
                        folder, "--filter=error", "memory", "8M", "error=ENOSPC", "error-pwrite-rate=100%");
                NbdClient client = NbdClient.connect(peer.uri(""), ALLOCATION)) {
            assertThatThrownBy(() -> client.write(0, ByteBuffer.allocate(4096), 0))
                    .isInstanceOfSatisfying(
                            NbdException.RequestFailed.class,
                            failed -> assertThat(failed.error()).isEqualTo(ErrorCode.ENOSPC))
                    .hasMessageContaining("WRITE offset=0 length=4096 failed at")
                    .hasMessageContaining("no space left on device");
            assertThat(read(client, 0, 4096)).containsOnly(0);
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void seesAServerDie() throws IOException {
        try (Peer peer = Peer.nbdkit(folder, "memory", "8M");
                NbdClient client = NbdClient.connect(peer.uri(""), ALLOCATION)) {
            peer.kill();
            assertThatThrownBy(client::flush).isInstanceOf(NbdException.Disconnected.class);
            assertThatThrownBy(() -> NbdClient.connect(peer.uri(""), ALLOCATION))
                    .isInstanceOf(NbdException.Disconnected.class)
                    .hasMessageContaining("Check that the server runs and listens there");
        }
    }

    @Test
    @NeedsPeer({"qemu-nbd", "qemu-img", "qemu-io"})
    void readsADirtyBitmap() throws IOException {
        Path image = qcow2("disk.qcow2");
        Peer.run(Duration.ofSeconds(20), "qemu-img", "bitmap", "--add", "-g", "65536", image.toString(), "b0")
                .orFail();
        Peer.run(Duration.ofSeconds(20), "qemu-io", "-f", "qcow2", "-c", "write 1M 64k", image.toString())
                .orFail();
        String context = Transmission.QEMU_DIRTY_BITMAP + "b0";
        try (Peer peer = Peer.qemuNbd(folder, "-r", "-f", "qcow2", "-B", "b0", image.toString());
                NbdClient client = NbdClient.connect(
                        peer.uri(""), ClientOptions.defaults().withContexts(context, Transmission.BASE_ALLOCATION))) {
            assertThat(client.export().metaContexts()).containsExactlyInAnyOrder(context, Transmission.BASE_ALLOCATION);
            assertThat(client.export().readOnly()).isTrue();
            assertThat(client.blockStatus(context, 0, SIZE_BYTES))
                    .containsExactly(
                            new StatusRun(1 << 20, 0),
                            new StatusRun(65536, Transmission.STATE_DIRTY),
                            new StatusRun(SIZE_BYTES - (1 << 20) - 65536, 0));
        }
    }

    private void everyCommand(NbdUri uri) throws IOException {
        try (NbdClient client = NbdClient.connect(uri, ALLOCATION)) {
            assertThat(client.export().sizeBytes()).isEqualTo(SIZE_BYTES);
            assertThat(client.export().metaContexts()).containsExactly(Transmission.BASE_ALLOCATION);
            readWrite(client);
            client.write(1 << 20, ByteBuffer.wrap(filled(65536, 7)), Transmission.CMD_FUA);
            client.writeZeroes(1 << 20, 65536, Transmission.CMD_NO_HOLE);
            assertThat(read(client, 1 << 20, 65536)).containsOnly(0);
            fastZero(client);
            client.trim(2 << 20, 1 << 20);
            if (client.export().canCache()) {
                client.cache(0, 1 << 20);
            }
            client.flush();
            status(client);
        }
    }

    private static void fastZero(NbdClient client) throws IOException {
        if (!client.export().canFastZero()) {
            return;
        }
        client.write(4 << 20, ByteBuffer.wrap(filled(65536, 7)), 0);
        try {
            client.writeZeroes(4 << 20, 65536, Transmission.CMD_FAST_ZERO);
            assertThat(read(client, 4 << 20, 65536)).containsOnly(0);
        } catch (NbdException.RequestFailed e) {
            assertThat(e.error()).isEqualTo(ErrorCode.ENOTSUP);
        }
    }

    private static void status(NbdClient client) throws IOException {
        client.write(5 << 20, ByteBuffer.wrap(filled(65536, 7)), 0);
        client.writeZeroes(6 << 20, 2 << 20, 0);
        long position = 0;
        while (position < SIZE_BYTES) {
            List<StatusRun> runs = client.blockStatus(Transmission.BASE_ALLOCATION, position, SIZE_BYTES - position);
            assertThat(runs).isNotEmpty();
            for (StatusRun run : runs) {
                boolean holdsData = position <= 5 << 20 && position + run.lengthBytes() > 5 << 20;
                assertThat(holdsData && (run.flags() & Transmission.STATE_ZERO) != 0)
                        .isFalse();
                position += run.lengthBytes();
            }
        }
        assertThat(client.blockStatus(Transmission.BASE_ALLOCATION, 6 << 20, 1 << 20)
                                .get(0)
                                .flags()
                        & Transmission.STATE_ZERO)
                .isNotZero();
    }

    private Path sparse(String name, long sizeBytes) throws IOException {
        Path file = folder.resolve(name);
        try (java.io.RandomAccessFile made = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(sizeBytes);
        }
        return file;
    }

    private Path qcow2(String name) {
        Path image = folder.resolve(name);
        Peer.run(Duration.ofSeconds(20), "qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "8M")
                .orFail();
        return image;
    }
}
