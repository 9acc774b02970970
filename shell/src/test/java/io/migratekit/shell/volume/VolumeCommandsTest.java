package io.migratekit.shell.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Each command over a real daemon in this process, with a database in memory and a pool in a folder. */
@Timeout(60)
final class VolumeCommandsTest {
    @TempDir
    Path folder;

    private VolumeConsole console;
    private Volumes volumes;

    @BeforeEach
    void start() {
        console = VolumeConsole.open(folder, "embedded");
        volumes = console.volumes();
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void takesAVolumeThroughItsLife() {
        assertThat(done("volume create scratch --size 1MB")).contains("is there; 'volume attach'");
        assertThat(done("volume list")).contains("scratch", "1.00 MiB", "available");
        assertThat(fails(1, "volume export scratch")).contains("attached to no VM");
        assertThat(done("volume attach scratch")).contains("Attached as " + folder);
        assertThat(fails(1, "volume attach scratch")).contains("detach it first");
        assertThat(done("volume export scratch --read-only")).contains("nbd+unix:///vol-", "-e1?socket=");
        assertThat(done("volume export scratch")).contains("-e2?socket=");
        assertThat(done("volume exports"))
                .containsPattern("-e2\\b")
                .contains("read and write")
                .doesNotContainPattern("-e1\\b");
        assertThat(done("volume show scratch"))
                .contains("this appliance as " + folder, "exported as   vol-", "attach  ", "completed");
        for (String line : List.of("detach scratch", "delete scratch", "resize scratch --size 2MB")) {
            assertThat(fails(1, "volume " + line)).contains("while it is exported", "end the export first");
        }
        done("volume unexport scratch");
        assertThat(fails(1, "volume unexport scratch")).contains("not exported");
        assertThat(fails(1, "volume resize scratch --size 512")).contains("only grows");
        done("volume resize scratch --size 2MB");
        done("volume detach scratch");
        assertThat(done("volume delete scratch --dry-run")).contains("Would touch volume 'scratch'", "2.00 MiB");
        assertThat(volumes.volumes()).hasSize(1);
        done("volume delete scratch");
        assertThat(done("volume list")).contains("There is no volume");
        assertThat(fails(4, "volume show scratch")).contains("'volume list'");
        assertThat(done("volume exports")).contains("Nothing is exported.");
    }

    @Test
    void doesOnceWhatIsAskedForUnderOneKey() {
        String create = "volume create scratch --size 1MB --key first";
        done(create);
        done(create);
        assertThat(volumes.volumes()).hasSize(1);
        assertThat(fails(1, "volume create other --size 1MB --key first")).contains("'first'", "another key");
        assertThat(fails(1, "volume create scratch --size 1MB")).contains("there is a volume 'scratch' already");
    }

    @Test
    void returnsBeforeTheEndWhereNobodyWaitsAndShowsItsSteps() {
        String accepted = done("volume create scratch --size 1MB --no-wait --json");
        Operation operation = volumes.operations(OperationFilter.newest(1)).get(0);
        assertThat(accepted).contains("\"operation\":\"%s\"".formatted(operation.id()));
        volumes.await(operation.id(), Duration.ofMinutes(1));
        assertThat(done("volume operations " + operation.id())).contains("create, completed", "STEP");
        assertThat(done("volume operations --volume scratch --status completed"))
                .contains(operation.id().text());
        assertThat(done("volume operations --status failed")).contains("There is no such operation.");
        assertThat(fails(2, "volume operations --limit 0")).contains("--limit");
        assertThat(fails(4, "volume operations op-5f0c9a52-7c5e-4c39-8f6b-0c6c8c2f6a11"))
                .contains("there is no operation");
    }

    @Test
    void knowsVolumesByTheirVmAndByAnOwnerThatIsNone() {
        done("volume create disk --size 1MB --vm web01");
        assertThat(volumes.volumesOf("ctx-web01")).hasSize(1);
        assertThat(done("volume list --vm web01")).contains("disk", "web01");
        volumes.perform(
                "test", new VolumeRequest.Create("orphan", 512, Optional.of("ctx-gone")), Duration.ofMinutes(1));
        assertThat(done("volume list")).contains("ctx-gone");
        assertThat(done("volume list --vm ctx-gone")).contains("orphan").doesNotContain("web01");
        assertThat(fails(4, "volume list --vm nobody"))
                .contains("no VM 'nobody'", "nor has a volume the owner 'nobody'");
        assertThat(fails(4, "volume create x --size 1MB --vm nobody")).contains("'vm add'");
        assertThat(fails(4, "volume snapshot nobody")).contains("'vm add'");
    }

    @Test
    void tellsWhatIsMissingInThePoolAndDeletesNothing() throws IOException {
        done("volume create scratch --size 1MB");
        assertThat(done("volume reconcile")).contains("Everything is as the ledger has it.");
        Path home =
                folder.resolve("volumes").resolve(volumes.volumes().get(0).id().text());
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        assertThat(fails(3, "volume reconcile")).contains("volume missing", "'scratch'", "no");
        assertThat(fails(3, "volume reconcile --json")).contains("\"left\":1", "\"repaired\":false");
        assertThat(done("volume reconcile --repair")).contains("yes");
        assertThat(done("volume show scratch")).contains("in error");
        done("volume delete scratch");
        assertThat(done("volume reconcile")).contains("Everything is as the ledger has it.");
    }

    @Test
    void attachesToAVmAndAsItsRootDisk() {
        done("volume create root --size 1MB");
        done("volume create data --size 1MB");
        assertThat(fails(1, "volume attach root --root")).contains("root disk of this appliance");
        done("volume attach root --to vm-7 --root");
        done("volume attach data --to vm-7");
        JsonNode root = console.lines().json("volume show root");
        assertThat(root.get("attachedTo").asString()).isEqualTo("vm-7");
        assertThat(root.get("deviceNumber").asInt()).isZero();
        assertThat(root.get("mode").asString()).isEqualTo("failover");
        assertThat(console.lines().json("volume show data").get("deviceNumber").asInt())
                .isEqualTo(1);
        assertThat(done("volume operations --volume root")).contains("attach-root");
        assertThat(fails(1, "volume export root")).contains("VM vm-7 has it");
        assertThat(fails(1, "volume delete data")).contains("while it is attached to VM vm-7", "detach it first");
        done("volume create second --size 1MB");
        assertThat(fails(1, "volume attach second --to vm-7 --root")).contains("VM vm-7, which has one");
        done("volume detach root");
        done("volume attach second --to vm-7 --root");
    }

    @Test
    void tellsOfAVolumeThatTheLedgerDoesNotKnowWithoutCallingItAFault() {
        done("volume create ours --size 1MB");
        VolumeId stranger = console.strange("ours");
        assertThat(done("volume reconcile"))
                .contains("volume unknown", stranger.text(), "All that the ledger has is as it has it.");
        JsonNode found = console.lines().json("volume reconcile");
        assertThat(found.get("left").asInt()).isZero();
        assertThat(found.get("strangers").asInt()).isEqualTo(1);
        assertThat(found.get("differences").get(0).get("fault").asBoolean()).isFalse();
        assertThat(volumes.health().healthy()).isTrue();
    }

    @Test
    void answersAtTheDocumentedPortWhereNobodyChoseAnother() throws IOException {
        Map<String, String> settings = Map.of("migratekit.volumes.engine", "embedded");
        try (VolumeConsole other = VolumeConsole.open(Files.createDirectory(folder.resolve("other")), settings)) {
            assertThat(other.daemon().endpoint()).isEqualTo("http://127.0.0.1:8090");
        } catch (VolumeException e) { // somebody else on this machine has it
            assertThat(e.kind()).as(e.getMessage()).isEqualTo(VolumeException.Kind.BUSY);
            assertThat(e).hasMessageContaining("port 8090 of 127.0.0.1 is taken");
        }
    }

    @Test
    void refusesWhatIsNoNumberNoSetAndNoSize() {
        assertThat(fails(2, "volume create scratch --size 10XB")).contains("'10XB'", "100GB");
        assertThat(fails(2, "volume create scratch --size -512")).contains("a multiple of 512 above 0");
        assertThat(fails(2, "volume create scratch --size 1000")).contains("1000 bytes");
        assertThat(fails(2, "volume create scratch")).contains("--size");
        for (String line : List.of("revert set-x", "drop set-x", "clone set-x test")) {
            assertThat(fails(2, "volume " + line)).contains("'set-x' is no snapshot set id");
        }
        String none = "set-5f0c9a52-7c5e-4c39-8f6b-0c6c8c2f6a11";
        assertThat(fails(4, "volume revert " + none)).contains("'volume snapshots'");
        assertThat(done("volume snapshots")).contains("There is no snapshot set");
    }

    @Test
    void explainsEveryCommandWithAnExample() {
        console.commands()
                .syntaxes()
                .forEach(syntax ->
                        assertThat(syntax.examples()).as(syntax.name()).isNotEmpty());
    }

    private String done(String line) {
        return console.lines().done(line);
    }

    private String fails(int code, String line) {
        return console.lines().fails(code, line);
    }
}
