package io.migratekit.nbd.file;

import io.migratekit.nbd.peer.Facility;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.nbd.server.ExportDevice;
import io.migratekit.nbd.server.ExportDeviceContract;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A loop device, whose size is a whole number of sectors, as the block device of the contract. */
@NeedsPeer("losetup")
final class BlockDeviceIT extends ExportDeviceContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private String loop = "";

    BlockDeviceIT() {
        super(SIZE_BYTES / 512 * 512);
    }

    @Override
    protected ExportDevice open(long sizeBytes) throws IOException {
        Path file = folder.resolve("loop.raw");
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(sizeBytes);
        }
        Peer.Result result = Peer.run(TIMEOUT, "losetup", "--find", "--show", file.toString());
        if (result.exitCode() != 0) {
            throw Facility.LOOP_DEVICE.missing(result.output());
        }
        loop = result.output().strip();
        return FileDevice.open(Path.of(loop), false);
    }

    @AfterEach
    void detach() {
        if (!loop.isEmpty()) {
            Peer.run(TIMEOUT, "losetup", "--detach", loop).orFail();
        }
    }
}
