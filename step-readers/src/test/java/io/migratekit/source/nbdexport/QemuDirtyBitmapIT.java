package io.migratekit.source.nbdexport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceProbe;
import io.migratekit.source.SourceRef;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.TestImage;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A qcow2 image with a real persistent bitmap, written by qemu-io between two replications. */
@NeedsPeer({"qemu-img", "qemu-io", "qemu-nbd", "qemu-storage-daemon"})
final class QemuDirtyBitmapIT {
    private static final DiskKey DISK = new DiskKey("1");
    private static final int CAPACITY = 32 << 20;

    @TempDir
    Path folder;

    private Path qcow2;
    private final byte[] replica = new byte[CAPACITY];

    @BeforeEach
    void makeImage() {
        Path raw = TestImage.sparse(folder.resolve("disk.raw"), CAPACITY, 11);
        qcow2 = folder.resolve("disk.qcow2");
        run("qemu-img", "convert", "-O", "qcow2", raw.toString(), qcow2.toString());
    }

    @Test
    void copiesInFullFirstAndThenWhatTheBitmapSays() throws IOException {
        addBitmap();
        ChangeId base = replicate(qemuNbd(), "", Optional.empty()).orElseThrow();
        assertThat(base.text()).isEqualTo("qemu:dirty-bitmap:b0/0");
        guestWrites();

        ChangeMap map = replicateAndPlan(qemuNbd(), "", Optional.of(base));

        assertThat(map.bytes(Extent.Kind.DATA, 0, CAPACITY)).isBetween(1L, 2L << 20);
        assertThat(Arrays.equals(replica, imageContent())).isTrue();
    }

    @Test
    void readsTheBitmapFromAStorageDaemonAsWell() throws IOException {
        addBitmap();
        ChangeId base = replicate(storageDaemon(), "disk", Optional.empty()).orElseThrow();
        guestWrites();

        ChangeMap map = replicateAndPlan(storageDaemon(), "disk", Optional.of(base));

        assertThat(map.bytes(Extent.Kind.DATA, 0, CAPACITY)).isBetween(1L, 2L << 20);
        assertThat(Arrays.equals(replica, imageContent())).isTrue();
    }

    @Test
    void copiesInFullAgainWhenTheBitmapWasMadeAfterTheLastReplication() throws IOException {
        Peer without = Peer.qemuNbd(folder, "-r", "-f", "qcow2", qcow2.toString());

        assertThat(replicate(without, "", Optional.empty())).isEmpty();
    }

    @Test
    void doesNotKnowTheChangesOnceTheBitmapIsGone() throws IOException {
        addBitmap();
        ChangeId base = replicate(qemuNbd(), "", Optional.empty()).orElseThrow();
        run("qemu-img", "bitmap", "--remove", qcow2.toString(), "b0");
        Peer without = Peer.qemuNbd(folder, "-r", "-f", "qcow2", qcow2.toString());

        assertThatThrownBy(() -> replicate(without, "", Optional.of(base)))
                .isInstanceOf(SourceException.ChangesUnknown.class)
                .hasMessageContaining("does not offer qemu:dirty-bitmap:b0");
    }

    @Test
    void doesNotKnowTheChangesOnceTheBitmapWasCleared() throws IOException {
        addBitmap();
        guestWrites();
        ChangeId base = replicate(qemuNbd(), "", Optional.empty()).orElseThrow();
        run("qemu-img", "bitmap", "--clear", qcow2.toString(), "b0");

        assertThatThrownBy(() -> replicate(qemuNbd(), "", Optional.of(base)))
                .isInstanceOf(SourceException.ChangesUnknown.class)
                .hasMessageContaining("has 0 dirty bytes and had ")
                .hasMessageContaining("somebody cleared it or made it anew");
    }

    @Test
    void doesNotKnowTheChangesOnceAnotherBitmapHasItsName() throws IOException {
        addBitmap();
        guestWrites();
        ChangeId base = replicate(qemuNbd(), "", Optional.empty()).orElseThrow();
        run("qemu-img", "bitmap", "--remove", qcow2.toString(), "b0");
        addBitmap();

        assertThatThrownBy(() -> replicate(qemuNbd(), "", Optional.of(base)))
                .isInstanceOf(SourceException.ChangesUnknown.class)
                .hasMessageContaining("made it anew");
    }

    @Test
    void goesOnWithTheSameBitmapAfterItsServerCameBack() throws IOException {
        addBitmap();
        guestWrites();
        String reference = referenceNow("-B", "b0");

        assertThat(referenceNow("-B", "b0")).isEqualTo(reference);
    }

    @Test
    void startsAnewWhenTheBitmapComesUnderAHalfDoneReplication() throws IOException {
        String reference = referenceNow();
        addBitmap();

        assertThat(referenceNow("-B", "b0")).isNotEqualTo(reference);
    }

    @Test
    void startsAnewWhenTheGuestWroteUnderAHalfDoneReplication() throws IOException {
        addBitmap();
        String reference = referenceNow("-B", "b0");
        guestWrites();

        assertThat(referenceNow("-B", "b0")).isNotEqualTo(reference);
    }

    /** Returns what a snapshot would be found by, of a server that always listens at the same place. */
    private String referenceNow(String... arguments) throws IOException {
        Path pid = folder.resolve("pid-" + System.nanoTime());
        List<String> command = new ArrayList<>(List.of("qemu-nbd", "-t", "-r", "-f", "qcow2", "-k"));
        command.addAll(List.of(folder.resolve("nbd.sock").toString(), "--pid-file", pid.toString()));
        command.addAll(List.of(arguments));
        command.add(qcow2.toString());
        try (Peer peer = Peer.start(folder, pid, command);
                SourceMachine machine = machine(peer, "")) {
            String reference = machine.takeSnapshot("job").reference();
            assertThat(machine.findSnapshot(reference)).isPresent();
            return reference;
        }
    }

    private Optional<ChangeId> replicate(Peer peer, String export, Optional<ChangeId> since) throws IOException {
        try (peer;
                SourceMachine machine = machine(peer, export)) {
            SourceSnapshot snapshot = machine.takeSnapshot("job");
            SourceProbe.copy(snapshot, DISK, SourceProbe.plan(snapshot, DISK, since), replica);
            return snapshot.changeId(DISK);
        }
    }

    private ChangeMap replicateAndPlan(Peer peer, String export, Optional<ChangeId> since) throws IOException {
        try (peer;
                SourceMachine machine = machine(peer, export)) {
            SourceSnapshot snapshot = machine.takeSnapshot("job");
            ChangeMap map = SourceProbe.plan(snapshot, DISK, since);
            SourceProbe.copy(snapshot, DISK, map, replica);
            return map;
        }
    }

    private static SourceMachine machine(Peer peer, String export) throws IOException {
        return SourceProbe.machines().open("vm", Map.of(DISK, new SourceRef(peer.uri(export) + "&bitmap=b0")));
    }

    private Peer qemuNbd() {
        return Peer.qemuNbd(folder, "-r", "-f", "qcow2", "-B", "b0", qcow2.toString());
    }

    private Peer storageDaemon() {
        return Peer.storageDaemon(
                folder,
                "--blockdev",
                "file,node-name=f,read-only=on,filename=" + qcow2,
                "--blockdev",
                "qcow2,node-name=q,read-only=on,file=f",
                "--export",
                "nbd,id=e,node-name=q,name=disk,bitmaps.0=b0");
    }

    private void addBitmap() {
        run("qemu-img", "bitmap", "--add", qcow2.toString(), "b0");
    }

    private void guestWrites() {
        run(
                "qemu-io",
                "-f",
                "qcow2",
                "-c",
                "write -P 0x11 1M 70k",
                "-c",
                "write -z 5M 64k",
                "-c",
                "write -P 0x22 20481k 512",
                "-c",
                "discard 9M 128k",
                qcow2.toString());
    }

    private byte[] imageContent() {
        Path raw = folder.resolve("now.raw");
        run("qemu-img", "convert", "-O", "raw", qcow2.toString(), raw.toString());
        return TestImage.content(raw);
    }

    private static void run(String... command) {
        Peer.run(Duration.ofSeconds(30), command).orFail();
    }
}
