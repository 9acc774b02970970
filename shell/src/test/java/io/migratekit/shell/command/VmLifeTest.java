package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.source.lab.Lab;
import io.migratekit.source.lab.LabFault;
import io.migratekit.source.lab.LabFaults;
import io.migratekit.source.lab.LabVm;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonStart;
import io.migratekit.volume.daemon.RunningDaemon;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What becomes of a VM by command: partly done, replicated onto a volume of its own, given away, removed. */
@Timeout(60)
final class VmLifeTest {
    @TempDir
    Path folder;

    @Test
    void endsWithThreeWhenTheCopyIsWholeAndItsSnapshotStays() throws Exception {
        try (TypedCommands typed = TypedCommands.inMemory(folder.resolve("home"))) {
            Lab lab = Lab.open(folder.resolve("stuck lab"));
            LabVm vm = lab.create("stuck", 40, 3, 2 << 20);
            typed.run("vm add stuck --disk '%s=%s'"
                            .formatted(vm.ref(vm.diskKeys().get(0)).text(), folder.resolve("stuck-target.raw")))
                    .exits(0);
            lab.setFaults(LabFaults.none().with(LabFault.STUCK_SNAPSHOT, 1));
            TypedCommands.Outcome partly =
                    typed.run("replicate start stuck --wait --json").exits(3);
            assertThat(partly.json().get("exitCode").asInt()).isEqualTo(3);
            assertThat(partly.json().get("error").asString())
                    .contains("the copy is complete and promoted, but snapshot migratekit-");
            assertThat(typed.run("vm show stuck").exits(0).out()).contains("ready_for_failover", "restore point ");
            typed.run("replicate start stuck --wait").exits(0);
        }
    }

    @Test
    void removesAVmWithItsVolumesAndNothingElse() throws Exception {
        Path image = Files.write(folder.resolve("web01.raw"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        try (TypedCommands typed = TypedCommands.inMemory(folder.resolve("home"));
                RunningDaemon daemon = typed.engine().service(DaemonStart.class).start(DaemonStart.Origin.ASKED_FOR)) {
            Volumes volumes = daemon.volumes();
            typed.run("volume create other --size 1MB").exits(0);
            typed.run("vm add web01 --disk '%s'".formatted(image)).exits(0);
            typed.run("replicate start web01 --wait").exits(0);
            assertThat(typed.run("vm list").exits(0).out()).contains("web01", "ready_for_failover");
            assertThat(volumes.volumes()).hasSize(2);

            JsonNode asked = typed.run("vm remove web01 --delete-volumes --dry-run --json")
                    .exits(0)
                    .json();
            String id = asked.get("volumesDeleted").get(0).asString();
            assertThat(volumes.volumes()).as("a dry run").hasSize(2);
            typed.run("volume detach " + id).exits(0);
            typed.run("volume attach %s --to vm-7".formatted(id)).exits(0);
            JsonNode shown = typed.run("vm show web01 --json").exits(0).json();
            assertThat(shown.get("status").asString()).isEqualTo("targets_changed");
            assertThat(shown.get("targetChanges").get(0).get("detail").asString())
                    .contains("was given to VM vm-7");
            assertThat(typed.run("vm show web01").exits(0).out())
                    .contains("targets_changed", "volume " + id + " was given to VM vm-7 by operation op-");
            assertThat(typed.run("vm remove web01 --delete-volumes").exits(1).err())
                    .contains("vm-7");
            typed.run("volume detach " + id).exits(0);

            assertThat(typed.run("vm remove web01 --delete-volumes").exits(0).out())
                    .contains("Forgot VM 'web01': 1 disk(s), 1 job(s), 1 restore point(s).", "deleted: volume", id);
            assertThat(volumes.volumes())
                    .singleElement()
                    .satisfies(left -> assertThat(left.name()).isEqualTo("other"));
            assertThat(typed.run("vm list").exits(0).out()).contains("There is no VM yet");
        }
    }
}
