package io.migratekit.shell.vcenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.file.FileDevice;
import io.migratekit.nbd.server.ExportOptions;
import io.migratekit.nbd.server.NbdServer;
import io.migratekit.nbd.server.ServerOptions;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.doctor.Finding.Severity;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;
import io.migratekit.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets are asked what a replication would ask them first. */
final class TargetChecksTest {
    private static final long CAPACITY = 4 << 20;
    private static final DiskKey DISK = new DiskKey("2000");

    @TempDir
    Path folder;

    @Test
    void exportsAreAskedForSizeAndRights() throws Exception {
        try (NbdServer server = NbdServer.listen(new NbdUri.Unix(folder.resolve("s")), ServerOptions.defaults())) {
            server.add("fits", device("fits", CAPACITY), ExportOptions.readWrite());
            server.add("small", device("small", CAPACITY / 2), ExportOptions.readWrite());
            server.add("frozen", device("frozen", CAPACITY), ExportOptions.readOnlyExport());

            assertThat(look(server.uri("fits").toString())).satisfies(found -> {
                assertThat(found.severity()).isEqualTo(Severity.OK);
                assertThat(found.found()).contains("4.00 MiB, answers");
            });
            assertThat(look(server.uri("small").toString())).satisfies(found -> {
                assertThat(found.severity()).isEqualTo(Severity.ERROR);
                assertThat(found.found()).contains("2.00 MiB, and disk 2000 has 4.00 MiB");
            });
            assertThat(look(server.uri("frozen").toString()).found()).contains("read-only");
            assertThat(look(server.uri("missing").toString()).severity()).isEqualTo(Severity.ERROR);
        }
        Finding gone = look(NbdUri.unix(folder.resolve("gone"), "x").toString());
        assertThat(gone.severity()).isEqualTo(Severity.ERROR);
        assertThat(gone.remedy()).contains("start its server");
    }

    @Test
    void volumesThatAreYetToBeMadeNeedRoomInThePool() {
        assertThat(toBeMade(Optional.of(CAPACITY)).severity()).isEqualTo(Severity.OK);
        assertThat(toBeMade(Optional.of(CAPACITY - 1))).satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.ERROR);
            assertThat(found.found()).contains("volumes of 4.00 MiB", "the pool has room for");
        });
        assertThat(toBeMade(Optional.empty()).severity()).as("a cloud's").isEqualTo(Severity.OK);
    }

    private static Finding toBeMade(Optional<Long> roomBytes) {
        TargetChecks checks = new TargetChecks(
                Map.of(DISK, CAPACITY),
                () -> {
                    throw new VolumeException(VolumeException.Kind.UNAVAILABLE, "no daemon in this test");
                },
                () -> roomBytes);
        List<Finding> findings = checks.look(machine(Optional.empty()));
        assertThat(findings.get(0).found()).isEqualTo("no daemon in this test");
        return findings.get(1);
    }

    private static Finding look(String target) {
        TargetChecks checks = new TargetChecks(
                Map.of(DISK, CAPACITY),
                () -> {
                    throw new VolumeException(VolumeException.Kind.UNAVAILABLE, "nobody asks");
                },
                Optional::empty);
        List<Finding> findings = checks.look(machine(Optional.of(TargetRef.parse(target))));
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static Machine machine(Optional<TargetRef> target) {
        MachineDisk disk = new MachineDisk(
                1,
                DISK,
                new SourceRef("/source.raw"),
                target,
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                OptionalLong.empty(),
                Optional.empty());
        return new Machine(
                "ctx-1",
                "web",
                Machine.Kind.VM,
                "discovered",
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                List.of(disk));
    }

    private FileDevice device(String name, long bytes) throws IOException {
        Path image = folder.resolve(name + ".raw");
        Files.write(image, new byte[(int) bytes]);
        return FileDevice.open(image, false);
    }
}
