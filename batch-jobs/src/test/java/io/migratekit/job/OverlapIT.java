package io.migratekit.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.Facility;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device of the kernel's own. */
final class OverlapIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    @NeedsPeer({"losetup", "truncate"})
    void aLoopDeviceIsItsImageInOtherWords(@TempDir Path folder) throws Exception {
        Path image = folder.resolve("image.raw");
        Peer.run(TIMEOUT, "truncate", "-s", "1M", image.toString()).orFail();
        Path other = Files.createFile(folder.resolve("other.raw"));
        Peer.Result attached = Peer.run(TIMEOUT, "losetup", "--find", "--show", image.toString());
        if (attached.exitCode() != 0) {
            throw Facility.LOOP_DEVICE.missing(attached.output());
        }
        String loop = attached.output().strip();
        try {
            assertThat(TargetRef.parse(loop).isAt(image.toString())).isTrue();
            assertThat(TargetRef.parse(image.toString()).isAt(loop)).isTrue();
            assertThat(TargetRef.parse(loop).isAt(other.toString())).isFalse();
        } finally {
            Peer.run(TIMEOUT, "losetup", "--detach", loop).orFail();
        }
    }
}
