package io.migratekit.shell.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.peer.NeedsPeer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshot sets by command: what volumes hold afterwards is read back through their exports. */
@Timeout(120)
@NeedsPeer({"qemu-img", "qemu-storage-daemon"})
final class SnapshotCommandsIT {
    @TempDir
    Path folder;

    private VolumeConsole console;

    @BeforeEach
    void start() {
        console = VolumeConsole.open(folder, "qemu");
        for (String name : List.of("disk-1", "disk-2")) {
            done("volume create %s --size 1MB --vm web01".formatted(name));
            done("volume attach " + name);
        }
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void takesASetPutsItBackClonesItAndDropsIt() throws IOException {
        write("disk-1", 1);
        write("disk-2", 2);
        assertThat(done("volume snapshot web01")).contains("Snapshot set set-");
        String set = console.lines()
                .json("volume snapshots web01")
                .get("snapshotSets")
                .get(0)
                .get("snapshotSet")
                .asString();
        assertThat(done("volume snapshots")).contains(set, "web01", "ready", "2");
        write("disk-1", 11);
        write("disk-2", 12);

        assertThat(done("volume clone " + set + " test-web01")).contains("'volume list --vm test-web01'");
        List<String> clones = new ArrayList<>();
        console.lines()
                .json("volume list --vm test-web01")
                .get("volumes")
                .forEach(volume -> clones.add(volume.get("id").asString()));
        assertThat(clones).hasSize(2);
        assertThat(clones).map(this::attachedContent).containsExactlyInAnyOrder(1, 2);
        assertThat(List.of("disk-1", "disk-2"))
                .as("the originals are not touched")
                .map(this::content)
                .containsExactly(11, 12);
        assertThat(fails(1, "volume drop " + set)).contains("clone");
        assertThat(fails(1, "volume delete disk-1")).contains("attached");

        assertThat(done("volume revert " + set + " --dry-run")).contains("Would touch snapshot set", "'disk-1'");
        assertThat(content("disk-1")).isEqualTo(11);
        assertThat(done("volume revert " + set)).contains("Put back.");
        assertThat(List.of("disk-1", "disk-2")).map(this::content).containsExactly(1, 2);

        for (String clone : clones) {
            done("volume detach " + clone);
            done("volume delete " + clone);
        }
        write("disk-2", 22);
        assertThat(done("volume drop " + set)).contains("Removed.");
        assertThat(done("volume snapshots")).contains("There is no snapshot set");
        assertThat(List.of("disk-1", "disk-2")).map(this::content).containsExactly(1, 22);
        assertThat(fails(4, "volume revert " + set)).contains("'volume snapshots'");
    }

    @Test
    void touchesNothingWhileAVolumeIsExportedOrElsewhere() throws IOException {
        write("disk-1", 1);
        done("volume snapshot web01");
        String set = console.volumes().snapshotSets("ctx-web01").get(0).id().text();
        write("disk-1", 2);
        done("volume export disk-2");
        for (String line : List.of("revert " + set, "snapshot web01", "resize disk-2 --size 2MB")) {
            assertThat(fails(1, "volume " + line)).contains("'disk-2'", "while it is exported", "end the export first");
        }
        done("volume unexport disk-2");
        done("volume detach disk-2");
        done("volume attach disk-2 --to vm-7");
        assertThat(fails(1, "volume revert " + set)).contains("'disk-2'", "VM vm-7");
        assertThat(content("disk-1")).as("all or nothing").isEqualTo(2);
        assertThat(console.volumes().snapshotSets("ctx-web01")).hasSize(1);
    }

    private int attachedContent(String volume) {
        done("volume attach " + volume);
        return content(volume);
    }

    private void write(String volume, int value) throws IOException {
        try (NbdClient client = exported(volume, "")) {
            client.write(4096, ByteBuffer.wrap(new byte[] {(byte) value}), 0);
            client.flush();
        }
        done("volume unexport " + volume);
    }

    private int content(String volume) {
        ByteBuffer read = ByteBuffer.allocate(1);
        try (NbdClient client = exported(volume, " --read-only")) {
            client.read(4096, read);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        done("volume unexport " + volume);
        return read.get(0);
    }

    private NbdClient exported(String volume, String option) throws IOException {
        String uri = console.lines()
                .json("volume export " + volume + option)
                .get("export")
                .get("uri")
                .asString();
        return NbdClient.connect(NbdUri.parse(uri), ClientOptions.defaults());
    }

    private String done(String line) {
        return console.lines().done(line);
    }

    private String fails(int code, String line) {
        return console.lines().fails(code, line);
    }
}
