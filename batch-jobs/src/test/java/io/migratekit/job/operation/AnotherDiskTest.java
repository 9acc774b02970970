package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.JobException;
import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.DiskKey;
import io.migratekit.source.lab.LabVm;
import io.migratekit.volume.image.ImageExport;
import io.migratekit.volume.image.ImageExports;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports that nobody can tell from others of their size, behind which another disk appears. */
final class AnotherDiskTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private JobsApp app;
    private CuttingCopies copies;
    private LabVm vm;
    private Path image;
    private ImageExport export;

    @BeforeEach
    void start() throws Exception {
        app = CuttingCopies.app(folder, JobsApp.memoryDatabase());
        copies = app.get(CuttingCopies.class);
        vm = new LabFixture(folder).lab().create("web01", 50, 81, 8 * MIB);
        image = folder.resolve("target.raw");
        blank();
        export = ImageExports.open(image, false);
        app.get(MachineCatalog.class)
                .add(
                        vm.name(),
                        List.of(new MachineCatalog.DiskPair(
                                vm.ref(key()).text(), export.uri().toString())));
    }

    @AfterEach
    void stop() {
        export.close();
        app.close();
    }

    @Test
    void anIncrementalReplicationDoesNotGoOnOnIt() throws Exception {
        LabFixture.start(app, vm.name()).result();
        vm.churn(1, 3);
        assertThat(codes(startWith(Fallback.FAIL))).as("the same disk").doesNotContain("fallback");
        vm.churn(2, 3);
        blank();

        assertThatThrownBy(() -> startWith(Fallback.ASK))
                .isInstanceOf(JobException.NeedsDecision.class)
                .hasMessageContaining(export.uri().toString())
                .hasMessageContaining("does not hold the last restore point")
                .hasMessageContaining("--mode full");
        assertThat(codes(startWith(Fallback.AUTO))).contains("fallback");
        assertThat(Images.mismatch(vm.image(key()), image)).isEqualTo(-1);
    }

    @Test
    void aCopyThatWasCutBeginsAnewOnIt() throws Exception {
        copies.cutAt(4);
        JobHandle<ReplicationResult, ReplicationProgress> cut = LabFixture.start(app, vm.name());
        assertThatThrownBy(cut::result).isInstanceOf(JobException.Failed.class);
        copies.heal();
        blank();

        ReplicationResult result =
                app.get(Replications.class).restart(cut.jobId()).result();

        assertThat(codes(result)).contains("target.replaced");
        assertThat(Images.mismatch(vm.image(key()), image)).isEqualTo(-1);
    }

    private DiskKey key() throws IOException {
        return vm.diskKeys().get(0);
    }

    /** As when a new disk of the same size is there under the same name. */
    private void blank() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(0);
            file.setLength(8 * MIB);
        }
    }

    private ReplicationResult startWith(Fallback fallback) throws InterruptedException {
        return app.get(Replications.class)
                .start(vm.name(), new StartOptions(Mode.AUTO, Optional.of(fallback), false, false))
                .result();
    }

    private List<String> codes(ReplicationResult result) {
        return app.get(Replications.class).events(result.jobId(), 0).stream()
                .map(JobEvent::code)
                .toList();
    }
}
