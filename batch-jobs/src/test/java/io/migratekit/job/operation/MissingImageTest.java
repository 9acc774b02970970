package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.JobException;
import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.DiskKey;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Target images that are not where they were: away for a while, or gone. */
final class MissingImageTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private JobsApp app;
    private LabFixture lab;

    @BeforeEach
    void start() throws Exception {
        app = JobsApp.start(folder, JobsApp.memoryDatabase(), Object.class);
        lab = new LabFixture(folder);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void anImageWhoseFolderIsAwayIsNotTakenForGone() throws Exception {
        LabVm vm = lab.add(app, "unmounted", 30, 71, 4 * MIB);
        LabFixture.start(app, vm.name()).result();
        Path target = lab.target(vm.name(), vm.diskKeys().get(0));
        Path elsewhere = Files.move(target, folder.resolve("elsewhere.raw"));
        JdbcClient sql = app.get(JdbcClient.class);
        String store =
                sql.sql("SELECT target_store FROM vm_disks").query(String.class).single();
        sql.sql("UPDATE vm_disks SET target_store = 'nas:/backup (nfs4)'").update(); // as if that was mounted here

        assertThatThrownBy(() -> startWith(vm, Mode.AUTO, Fallback.AUTO))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("last seen on 'nas:/backup (nfs4)'")
                .hasMessageContaining("Mount it");

        assertThat(target).as("made where it does not belong").doesNotExist();
        Files.move(elsewhere, target); // mounted again
        vm.churn(7, 10);
        assertThat(codes(startWith(vm, Mode.AUTO, Fallback.FAIL)))
                .as("nothing was forgotten")
                .doesNotContain("fallback");
        assertThat(lab.differences(vm)).isEmpty();
        assertThat(sql.sql("SELECT target_store FROM vm_disks")
                        .query(String.class)
                        .single())
                .isEqualTo(store);
    }

    @Test
    void aMissingFolderCostsNoRestorePoint() throws Exception {
        LabVm vm = lab.lab().create("away", 30, 72, 4 * MIB);
        DiskKey key = vm.diskKeys().get(0);
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        Path target = mounted.resolve("away.raw");
        app.get(MachineCatalog.class)
                .add("away", List.of(new MachineCatalog.DiskPair(vm.ref(key).text(), target.toString())));
        LabFixture.start(app, vm.name()).result();
        Path away = Files.move(mounted, folder.resolve("not-mounted"));

        assertThatThrownBy(() -> startWith(vm, Mode.AUTO, Fallback.AUTO))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("there is no folder " + mounted);

        Files.move(away, mounted);
        vm.churn(8, 10);
        assertThat(codes(startWith(vm, Mode.INCREMENTAL, Fallback.FAIL))).doesNotContain("fallback");
        assertThat(Images.mismatch(vm.image(key), target)).isEqualTo(-1);
    }

    @Test
    void noImageIsMadeInPlaceOfADevice() throws Exception {
        LabVm vm = lab.lab().create("device", 30, 74, 4 * MIB);
        app.get(MachineCatalog.class)
                .add(
                        "device",
                        List.of(new MachineCatalog.DiskPair(
                                vm.ref(vm.diskKeys().get(0)).text(), "/dev/migratekit-no-such-device")));

        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result())
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("target device /dev/migratekit-no-such-device is not there");
        assertThat(Path.of("/dev/migratekit-no-such-device")).doesNotExist();
    }

    @Test
    void aTargetThatWasLostIsAskedForByThePolicyAtTheNextStartAsWell() throws Exception {
        LabVm vm = lab.add(app, "lost twice", 30, 73, 4 * MIB);
        LabFixture.start(app, vm.name()).result();
        // as a start leaves it that dies right after it has found the image gone
        app.get(JdbcClient.class)
                .sql("UPDATE vm_disks SET disk_change_id = NULL, sync_status = 'lost'")
                .update();

        assertThatThrownBy(() -> startWith(vm, Mode.AUTO, Fallback.ASK))
                .isInstanceOf(JobException.NeedsDecision.class)
                .hasMessageContaining("the target that held the last restore point was lost");
        assertThat(codes(startWith(vm, Mode.AUTO, Fallback.AUTO))).contains("fallback");
        assertThat(codes(startWith(vm, Mode.AUTO, Fallback.FAIL))).doesNotContain("fallback");
    }

    private ReplicationResult startWith(LabVm vm, Mode mode, Fallback fallback) throws InterruptedException {
        return app.get(Replications.class)
                .start(vm.name(), new StartOptions(mode, Optional.of(fallback), false, false))
                .result();
    }

    private List<String> codes(ReplicationResult result) {
        return app.get(Replications.class).events(result.jobId(), 0).stream()
                .map(JobEvent::code)
                .toList();
    }
}
