package io.migratekit.shell.vcenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.source.vcenter.lab.LabMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** A guest of the lab vCenter that remembers what it wrote. */
final class Guest {
    private static final int PIECE_BYTES_MAX = 60_000;

    private final LabMachine machine;
    private final Map<Integer, byte[]> disks = new LinkedHashMap<>();
    private final Random random = new Random(20261126);

    /** Starts on empty disks of a size each. */
    Guest(LabMachine machine, int capacityBytes) {
        this.machine = machine;
        machine.disks().forEach(disk -> disks.put(disk, new byte[capacityBytes]));
    }

    LabMachine machine() {
        return machine;
    }

    /** Writes so many times to each disk. */
    void write(int times) throws IOException {
        for (Map.Entry<Integer, byte[]> disk : disks.entrySet()) {
            for (int i = 0; i < times; i++) {
                byte[] piece = new byte[1 + random.nextInt(PIECE_BYTES_MAX)];
                random.nextBytes(piece);
                int at = random.nextInt(disk.getValue().length - piece.length);
                machine.write(disk.getKey(), at, piece);
                System.arraycopy(piece, 0, disk.getValue(), at, piece.length);
            }
        }
    }

    static Path replica(Path folder, int disk) {
        return folder.resolve("replica-" + disk + ".raw");
    }

    /** Compares every replica with what was written. */
    void isReplicatedTo(Path folder) throws IOException {
        for (Map.Entry<Integer, byte[]> disk : disks.entrySet()) {
            assertThat(Files.readAllBytes(replica(folder, disk.getKey())))
                    .as("disk %d", disk.getKey())
                    .isEqualTo(disk.getValue());
        }
    }
}
