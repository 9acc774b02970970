package io.migratekit.target;

import static io.migratekit.target.PeerRig.SIZE_BYTES;
import static io.migratekit.target.PeerRig.SPARSE;
import static io.migratekit.target.PeerRig.run;
import static io.migratekit.target.PeerRig.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies between servers that others wrote; {@code checkwrite} and {@code cmp} say whether every byte is right. */
@Timeout(240)
final class RangeCopierIT {
    private final Path folder;
    private final PeerRig rig;

    RangeCopierIT(@TempDir Path folder) {
        this.folder = folder;
        this.rig = new PeerRig(folder);
    }

    @Test
    @NeedsPeer("nbdkit")
    void writesExactlyWhatItReads() throws IOException {
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target = Peer.nbdkit(folder, with("--filter=checkwrite", SPARSE))) {
            CopyProgress.Numbers numbers = rig.copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
            assertThat(numbers.copiedBytes()).isPositive();
            assertThat(numbers.zeroedBytes()).isPositive();
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void theOracleSeesAWrongByte() throws IOException {
        try (Peer source = Peer.nbdkit(folder, "sparse-random", "size=64M", "seed=8", "percent=40");
                Peer target = Peer.nbdkit(folder, with("--filter=checkwrite", SPARSE))) {
            assertThatThrownBy(() -> rig.copy(source.uri(""), target.uri(""), SIZE_BYTES, false))
                    .isInstanceOf(CopyException.Refused.class);
        }
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void survivesErrorsOnBothSides() throws IOException {
        try (Peer source = Peer.nbdkit(folder, with("--filter=error", with(SPARSE, "error-pread-rate=3%")));
                Peer target =
                        rig.fileTarget("target.raw", "--filter=error", "error-pwrite-rate=3%", "error-zero-rate=3%")) {
            rig.copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
            assertThat(rig.events).isNotEmpty().allMatch(event -> event.startsWith("retry "));
        }
        rig.assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void copiesADiskOfOddSizeFromOddPlaces() throws IOException {
        Path image = folder.resolve("odd.raw");
        byte[] content = PlannedDisk.noise(10_000_001, 4);
        Files.write(image, content);
        Path copy = Files.write(folder.resolve("copy.raw"), PlannedDisk.noise(10_000_001, 5));
        List<ExtentRun> runs = new ArrayList<>();
        for (long at = 0; at < content.length; at += 1_234_567) {
            long length = Math.min(1_234_567, content.length - at);
            runs.add(new ExtentRun(at, at + length, List.of(new Extent(at, length, Extent.Kind.DATA))));
        }
        try (Peer source = Peer.nbdkit(folder, "-r", "file", image.toString());
                Peer target = Peer.nbdkit(folder, "file", copy.toString())) {
            rig.copy(source.uri(""), target.uri(""), content.length, false, runs);
        }
        run("cmp", image.toString(), copy.toString());
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void takesLongerRequestsToPeersThatAreFar() throws IOException {
        try (Peer source = Peer.nbdkit(folder, with("--filter=delay", with(SPARSE, "rdelay=10ms")));
                Peer target = rig.fileTarget("target.raw", "--filter=delay", "wdelay=10ms")) {
            rig.copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
        }
        rig.assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void keepsToBlockSizes() throws IOException {
        String[] policy = {
            "blocksize-minimum=4096",
            "blocksize-preferred=65536",
            "blocksize-maximum=128k",
            "blocksize-error-policy=error"
        };
        try (Peer source = Peer.nbdkit(folder, with("--filter=blocksize-policy", with(SPARSE, policy)));
                Peer target = rig.fileTarget("target.raw", "--filter=blocksize-policy", policy)) {
            rig.copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
        }
        rig.assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void copiesOntoAServerWithoutWriteZeroes() throws IOException {
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target = rig.fileTarget("target.raw", "--filter=nozero")) {
            rig.copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
        }
        rig.assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "qemu-nbd", "qemu-img", "cmp"})
    void copiesOntoAnImageOfQemuNbd() throws IOException {
        Path image = folder.resolve("target.qcow2");
        run("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "64M");
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target = Peer.qemuNbd(folder, "-f", "qcow2", "--discard=unmap", image.toString())) {
            rig.copy(source.uri(""), target.uri(""), SIZE_BYTES, true);
        }
        run(
                "qemu-img",
                "convert",
                "-O",
                "raw",
                image.toString(),
                folder.resolve("target.raw").toString());
        rig.assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "nbd-server", "cmp"})
    void copiesOntoNbdServerThatFlushes() throws IOException {
        Path image = rig.noise("target.raw");
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target =
                        Peer.nbdServer(folder, "[disk]\nexportname = " + image + "\nflush = true\nfua = true\n")) {
            rig.copy(source.uri(""), target.uri("disk"), SIZE_BYTES, false);
        }
        rig.assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "nbd-server"})
    void refusesNbdServerAsItComes() throws IOException {
        Path image = rig.noise("target.raw");
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target = Peer.nbdServer(folder, "[disk]\nexportname = " + image + "\n")) {
            assertThatThrownBy(() -> rig.copy(source.uri(""), target.uri("disk"), SIZE_BYTES, false))
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("offers no FLUSH")
                    .hasMessageContaining("nbd-server: flush = true");
        }
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void survivesPeersThatAreKilledAndStartedAgain() throws Exception {
        for (boolean sourceSide : new boolean[] {true, false}) {
            rig.events.clear();
            String name = sourceSide ? "first.raw" : "second.raw";
            Path socket = folder.resolve(name + ".sock");
            String[] served =
                    sourceSide ? SPARSE : new String[] {"file", rig.noise(name).toString()};
            String[] command = with("--filter=delay", with(served, "rdelay=30ms", "wdelay=30ms"));
            try (Peer other = sourceSide ? rig.fileTarget(name) : Peer.nbdkit(folder, SPARSE)) {
                long movedBytes = rig.progress.numbers().movedBytes();
                NbdUri mortal = NbdUri.unix(socket, "");
                Peer first = rig.at(socket, command);
                FutureTask<CopyProgress.Numbers> copying = new FutureTask<>(() -> rig.copy(
                        sourceSide ? mortal : other.uri(""), sourceSide ? other.uri("") : mortal, SIZE_BYTES, false));
                new Thread(copying).start();
                while (rig.progress.numbers().movedBytes() < movedBytes + (8 << 20)) {
                    Thread.sleep(1);
                }
                first.kill();
                try (Peer second = rig.at(socket, command)) {
                    copying.get();
                    assertThat(second.alive()).isTrue();
                }
            }
            assertThat(rig.events).contains((sourceSide ? "source" : "target") + " is back");
            rig.assertSameAsSparse(name);
        }
    }
}
