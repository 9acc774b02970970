package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.source.lab.LabVm;
import io.migratekit.sql.MariaDb;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs against nbdkit and MariaDB. */
@NeedsPeer("nbdkit")
final class RealPeersIT {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void everyByteOfASparseRandomDiskArrives() throws Exception {
        // checkwrite answers EIO to a byte that sparse-random with the same seed would not have there
        try (JobsApp app = app();
                Peer source = Peer.nbdkit(folder, "sparse-random", "2G", "seed=7", "percent=5");
                Peer target =
                        Peer.nbdkit(folder, "--filter=checkwrite", "sparse-random", "2G", "seed=7", "percent=5")) {
            ReplicationResult result = copy(app, source, target, true);

            assertThat(result.status()).isEqualTo("completed");
            assertThat(result.bytesTotal()).isEqualTo(2048 * MIB);
        }
    }

    @Test
    void aFullTargetFailsTheJobWhichGoesOnOnceThereIsRoom() throws Exception {
        Path image = folder.resolve("source.raw");
        Images.random(image, 64 * MIB, 30 * MIB, 3);
        Path marker = folder.resolve("full");
        Files.createFile(marker);
        try (JobsApp app = app();
                Peer target = Peer.nbdkit(
                        folder,
                        "--filter=error",
                        "memory",
                        "64M",
                        "error-pwrite=ENOSPC",
                        "error-pwrite-rate=100%",
                        "error-pwrite-file=" + marker)) {
            OneOffCopies copies = app.get(OneOffCopies.class);
            String uri = target.uri("").toString();
            assertThatThrownBy(() -> copies.start(image.toString(), uri, StartOptions.defaults())
                            .result())
                    .isInstanceOf(JobException.Refused.class)
                    .hasMessageContaining("full");
            Files.delete(marker);

            JobHandle<ReplicationResult, ReplicationProgress> again =
                    copies.start(image.toString(), uri, StartOptions.defaults());

            assertThat(again.result().status()).isEqualTo("completed");
            assertThat(again.resumed()).isTrue();
        }
    }

    @Test
    void aTargetWithoutFlushIsRefusedUnlessAllowed() throws Exception {
        Path image = Images.random(folder.resolve("source.raw"), 8 * MIB, 4 * MIB, 4);
        try (JobsApp app = app();
                Peer target = Peer.nbdkit(
                        folder,
                        "eval",
                        "get_size=echo 8M",
                        "pread=exit 1",
                        "pwrite=cat >/dev/null",
                        "can_write=exit 0")) {
            String uri = target.uri("").toString();
            OneOffCopies copies = app.get(OneOffCopies.class);

            assertThatThrownBy(() -> copies.start(image.toString(), uri, StartOptions.defaults())
                            .result())
                    .isInstanceOf(JobException.Refused.class)
                    .hasMessageContaining("--unsafe-target");
            ReplicationResult result = copies.start(
                            image.toString(), uri, new StartOptions(Mode.FULL, Optional.empty(), false, true))
                    .result();

            assertThat(result.status()).isEqualTo("completed");
            assertThat(app.get(Replications.class).events(result.jobId(), 0))
                    .filteredOn(event -> event.code().equals("promoted"))
                    .extracting(JobEvent::level)
                    .containsExactly(JobEvent.Level.WARN);
        }
    }

    @Test
    @NeedsPeer({"qemu-img", "qemu-io", "qemu-nbd"})
    void verifyFindsDamageToWhatAnIncrementalCopiedByABitmap() throws Exception {
        Path image = folder.resolve("web01.qcow2");
        Path target = folder.resolve("web01.raw");
        qemu("qemu-img", "create", "-q", "-f", "qcow2", image + "", "64M");
        qemu("qemu-io", "-f", "qcow2", "-c", "write -q -P 17 1M 3M", image + "");
        qemu("qemu-img", "bitmap", "--add", image + "", "night1");
        try (JobsApp app = app()) {
            try (Peer source = bitmapServer(image)) {
                String uri = source.uri("") + "&bitmap=night1";
                app.get(MachineCatalog.class)
                        .add("web01", List.of(new MachineCatalog.DiskPair(uri, target.toString())));
                assertThat(replicate(app).bytesCopied()).isEqualTo(3 * MIB);
            }
            qemu("qemu-io", "-f", "qcow2", "-c", "write -q -P 18 20M 1M", image + "");
            try (Peer source = bitmapServer(image)) {
                assertThat(source.alive()).isTrue();
                assertThat(replicate(app).bytesCopied()).isEqualTo(MIB);
                assertThat(verify(app)).isEqualTo("completed");
                try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
                    file.write(ByteBuffer.wrap(new byte[] {'X'}), 20 * MIB + 100);
                }
                assertThat(verify(app))
                        .as("a byte that the incremental had copied")
                        .isEqualTo("different");
            }
        }
    }

    @Test
    @NeedsPeer({"qemu-img", "qemu-io", "qemu-nbd"})
    void anIncrementalByABitmapGoesOnAfterItWasCutAndItsServerCameBack() throws Exception {
        Path image = folder.resolve("web01.qcow2");
        Path target = folder.resolve("web01.raw");
        qemu("qemu-img", "create", "-q", "-f", "qcow2", image + "", "32M");
        qemu("qemu-io", "-f", "qcow2", "-c", "write -q -P 17 1M 3M", image + "");
        qemu("qemu-img", "bitmap", "--add", image + "", "night1");
        try (JobsApp app = CuttingCopies.app(folder, JobsApp.memoryDatabase())) {
            try (Peer source = bitmapServer(image)) {
                app.get(MachineCatalog.class)
                        .add(
                                "web01",
                                List.of(new MachineCatalog.DiskPair(
                                        source.uri("") + "&bitmap=night1", target.toString())));
                replicate(app);
            }
            qemu("qemu-io", "-f", "qcow2", "-c", "write -q -P 18 2M 4M", image + "");
            CuttingCopies copies = app.get(CuttingCopies.class);
            copies.cutAt(3);
            try (Peer source = bitmapServer(image)) {
                assertThat(source.alive()).isTrue();
                assertThatThrownBy(() -> replicate(app)).hasMessageContaining("cut at chunk 3");
            }
            copies.heal();
            try (Peer source = bitmapServer(image)) {
                assertThat(source.alive()).isTrue();
                ReplicationResult result = replicate(app);

                assertThat(result.restarts()).isOne();
                assertThat(result.bytesRecopied()).isBetween(1L, MIB);
                assertThat(result.bytesCopied()).as("what the bitmap names").isEqualTo(4 * MIB);
            }
        }
        Path expected = folder.resolve("expected.raw");
        qemu("qemu-img", "convert", "-f", "qcow2", "-O", "raw", image + "", expected + "");
        assertThat(Images.mismatch(expected, target)).isEqualTo(-1);
    }

    @Test
    @NeedsPeer({"mariadbd", "mariadb-install-db", "my_print_defaults"})
    void replicatesWithItsLedgerInMariaDb() throws Exception {
        try (MariaDb server = MariaDb.start(folder);
                JobsApp app = JobsApp.start(
                        folder,
                        server.url("migratekit_oma"),
                        CuttingCopies.Wiring.class,
                        "spring.datasource.username=root",
                        "migratekit.chunk.bytes=1MB")) {
            LabFixture lab = new LabFixture(folder);
            LabVm vm = lab.add(app, "wéb", 50, 5, 16 * MIB, 8 * MIB);
            CuttingCopies copies = app.get(CuttingCopies.class);
            copies.cutAt(3);
            assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result()).hasMessageContaining("cut at");
            copies.heal();

            assertThat(LabFixture.start(app, vm.name()).result().restarts()).isOne();
            assertThat(lab.differences(vm)).isEmpty();
            vm.churn(1, 3);
            LabFixture.start(app, vm.name()).result();
            assertThat(lab.differences(vm)).isEmpty();
            assertThat(app.get(Verifications.class)
                            .start(vm.name(), 100, 1)
                            .result()
                            .status())
                    .isEqualTo("completed");
        }
    }

    private static ReplicationResult replicate(JobsApp app) throws Exception {
        return app.get(Replications.class)
                .start("web01", StartOptions.defaults())
                .result();
    }

    private static String verify(JobsApp app) throws Exception {
        return app.get(Verifications.class).start("web01", 100, 1).result().status();
    }

    /** Always at the same address, as a source that is served again each night. */
    private Peer bitmapServer(Path image) throws IOException {
        Path socket = folder.resolve("nbd.sock");
        Path pid = Files.createTempFile(folder, "qemu", ".pid");
        Files.delete(pid);
        Files.deleteIfExists(socket);
        return Peer.start(
                folder,
                pid,
                List.of(
                        "qemu-nbd",
                        "-t",
                        "-r",
                        "-e",
                        "8",
                        "-f",
                        "qcow2",
                        "-B",
                        "night1",
                        "-k",
                        socket + "",
                        "--pid-file",
                        pid + "",
                        image + ""));
    }

    private static void qemu(String... command) {
        Peer.run(Duration.ofSeconds(30), command).orFail();
    }

    private JobsApp app() {
        return JobsApp.start(folder, JobsApp.memoryDatabase(), Object.class);
    }

    private static ReplicationResult copy(JobsApp app, Peer source, Peer target, boolean targetIsZero)
            throws InterruptedException {
        return app.get(OneOffCopies.class)
                .start(
                        source.uri("").toString(),
                        target.uri("").toString(),
                        new StartOptions(Mode.FULL, Optional.empty(), targetIsZero, false))
                .result();
    }
}
