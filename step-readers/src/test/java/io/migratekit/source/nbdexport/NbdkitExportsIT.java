package io.migratekit.source.nbdexport;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceMachineContract;
import io.migratekit.source.SourceProbe;
import io.migratekit.source.SourceRef;
import io.migratekit.source.TestImage;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer("nbdkit")
final class NbdkitExportsIT extends SourceMachineContract {
    private static final DiskKey DISK = new DiskKey("1");

    @TempDir
    Path folder;

    private Path image;
    private Peer peer;

    @BeforeEach
    void serve() {
        image = TestImage.sparse(folder.resolve("disk.raw"), (12 << 20) + 512, 5);
        peer = Peer.nbdkit(folder, "-r", "file", image.toString());
    }

    @AfterEach
    void end() {
        peer.close();
    }

    @Override
    protected Map<DiskKey, SourceRef> disks() {
        return Map.of(DISK, new SourceRef(peer.uri("").toString()));
    }

    @Override
    protected byte[] content(DiskKey disk) {
        return TestImage.content(image);
    }

    @Override
    protected SourceRef missing() {
        return new SourceRef("nbd+unix:///?socket=" + folder.resolve("no-such-socket"));
    }

    @Test
    void plansAHugeSparseDiskByManyPages() throws IOException {
        ChangeMap map = plan("sparse-random", "1T", "seed=7");

        assertThat(map.bytes(Extent.Kind.DATA, 0, 1L << 40)).isBetween(1L << 30, 1L << 38);
        assertThat(map.split(4)).hasSize(4);
    }

    @Test
    void readsEverythingOfAServerThatTellsNoAllocation() throws IOException {
        ChangeMap map = plan("--no-sr", "memory", "64M");

        assertThat(map.bytes(Extent.Kind.DATA, 0, 64 << 20)).isEqualTo(64 << 20);
    }

    @Test
    void readsEverythingWhereAServerFailsToTellTheAllocation() throws IOException {
        ChangeMap map = plan("--filter=error", "memory", "3G", "error-extents-rate=100%");

        assertThat(map.bytes(Extent.Kind.DATA, 0, 3L << 30)).isEqualTo(3L << 30);
    }

    @Test
    void plansADiskWhoseServerDemandsLargeBlocks() throws IOException {
        ChangeMap map = plan(
                "--filter=blocksize-policy",
                "sparse-random",
                "8G",
                "blocksize-minimum=64k",
                "blocksize-preferred=64k",
                "blocksize-maximum=32M",
                "blocksize-error-policy=error");

        assertThat(map.bytes(Extent.Kind.ZERO, 0, 8L << 30)).isPositive();
    }

    private ChangeMap plan(String... arguments) throws IOException {
        try (Peer other = Peer.nbdkit(folder, arguments);
                SourceMachine machine = SourceProbe.machines()
                        .open("vm", Map.of(DISK, new SourceRef(other.uri("").toString())))) {
            return SourceProbe.plan(machine.takeSnapshot("job"), DISK, Optional.empty());
        }
    }
}
