package io.migratekit.source.vddk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.SourceException;
import io.migratekit.source.TestImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An nbdkit that is killed, falls silent or hangs, and another one in its place. */
@NeedsPeer("nbdkit")
final class VddkRecoveryIT {
    @TempDir
    Path folder;

    private StandIn standIn;

    @BeforeEach
    void prepare() throws IOException {
        standIn = StandIn.in(folder);
    }

    @Test
    void endsAnNbdkitThatHangsInAReadWhenClosed() throws Exception {
        ServedVddkDisk disk = standIn.open();
        long pid = disk.pid().orElseThrow();
        Thread reader = hangInARead(disk);
        disk.close();

        assertThat(StandIn.alive(pid)).isFalse();
        assertThat(standIn.sockets()).isEmptyDirectory();
        reader.join();
    }

    @Test
    void startsAnotherForOneThatHangsAtTheLogInAndThenGivesUp() throws IOException {
        standIn.put("hang-at-open", "");

        assertThatThrownBy(standIn::openInAHurry).isInstanceOf(SourceException.Unavailable.class);
        assertThat(standIn.lines("starts")).hasSize(2).noneMatch(pid -> StandIn.alive(Long.parseLong(pid)));
    }

    @Test
    void servesAgainAtTheSameUriAfterNbdkitWasKilled() throws Exception {
        try (ServedVddkDisk disk = standIn.open()) {
            kill(disk.pid().orElseThrow(), "KILL");

            assertThat(readOnceServed(disk.uri())).isEqualTo(TestImage.content(standIn.image()));
            assertThat(standIn.lines("starts")).hasSize(2);
        }
    }

    @Test
    void opensAgainRightAfterNbdkitWasKilled() throws Exception {
        try (ServedVddkDisk disk = standIn.open()) {
            kill(disk.pid().orElseThrow(), "KILL");

            assertThat(StandIn.read(disk.open())).isEqualTo(TestImage.content(standIn.image()));
        }
    }

    @Test
    void replacesAnNbdkitThatFellSilent() throws Exception {
        try (ServedVddkDisk disk = standIn.openInAHurry()) {
            kill(disk.pid().orElseThrow(), "STOP");

            assertThat(readOnceServed(disk.uri())).isEqualTo(TestImage.content(standIn.image()));
        }
    }

    @Test
    void replacesAnNbdkitWhoseReadsHangAndWhoseClientsComeAgain() throws Exception {
        try (ServedVddkDisk disk = standIn.openInAHurry()) {
            long pid = disk.pid().orElseThrow();
            standIn.put("hang-at-read", "");
            Thread release = new Thread(() -> releaseOnceGone(pid, "hang-at-read"));
            release.start();

            assertThat(readOnceServed(disk.uri())).isEqualTo(TestImage.content(standIn.image()));
            release.join();
        }
    }

    @Test
    void replacesAnNbdkitThatHangsInALogInWhenAskedTo() throws Exception {
        try (ServedVddkDisk disk = standIn.openInAHurry()) {
            long pid = disk.pid().orElseThrow();
            standIn.put("hang-at-open", "");
            Thread release = new Thread(() -> releaseOnceGone(pid, "hang-at-open"));
            release.start();

            assertThat(StandIn.read(disk.open())).isEqualTo(TestImage.content(standIn.image()));
            release.join();
            assertThat(disk.pid()).isNotEqualTo(Optional.of(pid));
        }
    }

    @Test
    void triesNoPasswordAgainThatWasRefusedUntilThereIsAnother() throws Exception {
        String[] password = {StandIn.PASSWORD};
        try (ServedVddkDisk disk = standIn.open(() -> Password.of(password[0]))) {
            standIn.put("password", "another & better");
            assertThatThrownBy(() -> StandIn.read(disk.uri())).isInstanceOf(NbdException.class);
            while (disk.pid().isPresent()) {
                Thread.sleep(5);
            }
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(disk::open)
                        .isInstanceOf(SourceException.Refused.class)
                        .hasMessageContaining("is not tried again");
                assertThatThrownBy(() -> StandIn.read(disk.uri())).isInstanceOf(NbdException.class);
            }
            assertThat(standIn.lines("starts")).hasSize(1);

            password[0] = "another & better";

            assertThat(StandIn.read(disk.open())).isEqualTo(TestImage.content(standIn.image()));
        }
    }

    private void releaseOnceGone(long pid, String hang) {
        try {
            while (StandIn.alive(pid)) {
                Thread.sleep(20);
            }
            standIn.remove(hang);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Thread hangInARead(ServedVddkDisk disk) throws Exception {
        standIn.put("hang-at-read", "");
        Thread reader = new Thread(
                () -> assertThatThrownBy(() -> StandIn.read(disk.uri())).isInstanceOf(NbdException.class));
        reader.start();
        Thread.sleep(300);
        return reader;
    }

    private static byte[] readOnceServed(NbdUri uri) throws Exception {
        for (int attempt = 0; ; attempt++) {
            try {
                return StandIn.read(uri);
            } catch (NbdException.Disconnected e) {
                if (attempt > 100) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }

    private static void kill(long pid, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    }
}
