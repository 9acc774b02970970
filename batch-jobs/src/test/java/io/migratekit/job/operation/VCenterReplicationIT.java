package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobsApp;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.vcenter.VCenterRef;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabVCenter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine of a vCenter with four disks, through the jobs that people run. */
@NeedsPeer({"go", "nbdkit"})
final class VCenterReplicationIT {
    private static final int CAPACITY = (6 << 20) + 512;
    private static final String NAME = "Büro/four";

    @TempDir
    Path folder;

    private final Random random = new Random(20261126);
    private final Map<Integer, byte[]> guest = new LinkedHashMap<>();
    private String database = "";
    private String setting = "";

    @Test
    void isReplicatedInFullAndThreeTimesWhatChangedThoughOneProcessDiesHalfWay() throws Exception {
        database = "jdbc:h2:file:" + folder.resolve("db/migratekit")
                + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;WRITE_DELAY=0;AUTO_SERVER=TRUE";
        try (LabVCenter lab = io.migratekit.source.vcenter.lab.LabFixture.start(
                Files.createDirectory(folder.resolve("lab")), LabInventory.empty())) {
            setting = VCenterWiring.setting(lab, folder.resolve("lab.properties"));
            lab.control().setDatastore("LocalDS_0", "VMFS");
            LabMachine machine = machine(lab);
            write(machine, 60);
            try (JobsApp app = app()) {
                app.get(MachineCatalog.class).add(NAME, pairs(lab, machine));
                ReplicationResult full = replicate(app);
                assertThat(full.bytesCopied()).isPositive();
                assertThat(app.get(Replications.class).events(full.jobId(), 0))
                        .extracting(JobEvent::code)
                        .contains("snapshot.note"); // tracking was switched on
                assertThat(app.get(Replications.class)
                                .disks(app.get(Replications.class).find(full.jobId())))
                        .extracting(disk -> disk.reason().replaceFirst("^[^;]*; ", ""))
                        .as("what was read of each disk, for 'replicate show'")
                        .satisfiesExactly(
                                flat -> assertThat(flat).startsWith("what vSphere says is allocated is read"),
                                other -> assertThat(other).contains("every byte is read, since it is a SeSparse disk"),
                                other -> assertThat(other).contains("every byte is read, since it is a Sparse"),
                                flat -> assertThat(flat).startsWith("what vSphere says is allocated is read"));

                write(machine, 4);
                assertThat(replicate(app).bytesCopied()).isLessThan(4L * CAPACITY / 2);
            }
            write(machine, 20);
            Process child = VCenterInChild.start(folder, database, setting, NAME, 3);
            assertThat(child.waitFor())
                    .as(folder.resolve("child.log").toString())
                    .isEqualTo(VCenterInChild.DEAD);
            try (JobsApp app = app()) {
                ReplicationResult resumed = replicate(app);
                assertThat(resumed.restarts()).isEqualTo(1);

                write(machine, 4);
                ReplicationResult last = replicate(app);
                assertThat(last.restarts()).isZero();
                assertThat(last.bytesCopied()).isLessThan(4L * CAPACITY / 2);
            }
        }
    }

    private JobsApp app() {
        return JobsApp.start(folder, database, VCenterWiring.class, setting);
    }

    private static LabMachine machine(LabVCenter lab) throws Exception {
        return lab.control()
                .create(LabMachineSpec.named(NAME)
                        .disk(CAPACITY)
                        .disk(CAPACITY, "seSparse", "persistent", "sharingNone")
                        .disk(CAPACITY, "sparse", "persistent", "sharingNone")
                        .disk(CAPACITY)
                        .running());
    }

    private List<MachineCatalog.DiskPair> pairs(LabVCenter lab, LabMachine machine) {
        List<MachineCatalog.DiskPair> pairs = new ArrayList<>();
        for (int disk : machine.disks()) {
            String source = new VCenterRef(lab.instanceUuid(), machine.instanceUuid(), disk)
                    .toSourceRef()
                    .text();
            pairs.add(new MachineCatalog.DiskPair(source, target(disk).toString()));
        }
        return pairs;
    }

    private Path target(int disk) {
        return folder.resolve("target-" + disk + ".raw");
    }

    private void write(LabMachine machine, int times) throws Exception {
        for (int disk : machine.disks()) {
            byte[] content = guest.computeIfAbsent(disk, key -> new byte[CAPACITY]);
            for (int i = 0; i < times; i++) {
                byte[] piece = new byte[1 + random.nextInt(60_000)];
                random.nextBytes(piece);
                int at = random.nextInt(CAPACITY - piece.length);
                machine.write(disk, at, piece);
                System.arraycopy(piece, 0, content, at, piece.length);
            }
        }
    }

    /** Replicates, or goes on with a replication, and compares all targets with what the guest wrote. */
    private ReplicationResult replicate(JobsApp app) throws Exception {
        ReplicationResult result =
                app.get(Replications.class).start(NAME, StartOptions.defaults()).result();
        assertThat(result.status()).isEqualTo("completed");
        guest.forEach((disk, content) -> {
            try {
                assertThat(Files.readAllBytes(target(disk))).as("disk %d", disk).isEqualTo(content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return result;
    }
}
