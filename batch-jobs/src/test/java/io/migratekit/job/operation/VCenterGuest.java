package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.NewDisk;
import io.migratekit.source.DiskKey;
import io.migratekit.source.vcenter.VCenterRef;
import io.migratekit.source.vcenter.lab.LabMachine;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A guest of a lab vCenter that remembers what it wrote, with an image as target of each disk. */
final class VCenterGuest {
    private static final int PIECE_BYTES_MAX = 60_000;

    private final String name;
    private final String vCenter;
    private final LabMachine machine;
    private final Path folder;
    private final Map<Integer, byte[]> disks = new LinkedHashMap<>();
    private final Random random = new Random(20261127);

    VCenterGuest(String name, String vCenter, LabMachine machine, int[] capacityBytes, Path folder) {
        this.name = name;
        this.vCenter = vCenter;
        this.machine = machine;
        this.folder = folder;
        for (int i = 0; i < capacityBytes.length; i++) {
            disks.put(machine.disks().get(i), new byte[capacityBytes[i]]);
        }
    }

    String name() {
        return name;
    }

    LabMachine machine() {
        return machine;
    }

    /** Returns all disks as they are added. */
    List<NewDisk> newDisks() {
        List<NewDisk> added = new ArrayList<>();
        for (int disk : disks.keySet()) {
            added.add(new NewDisk(
                    new DiskKey(Integer.toString(disk)),
                    new VCenterRef(vCenter, machine.instanceUuid(), disk).toSourceRef(),
                    Optional.of(TargetRef.parse(target(disk).toString()))));
        }
        return added;
    }

    Path target(int disk) {
        return folder.resolve("%s-%d.raw".formatted(name.replaceAll("[^a-z]", "_"), disk));
    }

    /** Writes so many times to each disk. */
    VCenterGuest write(int times) throws IOException {
        for (Map.Entry<Integer, byte[]> disk : disks.entrySet()) {
            for (int i = 0; i < times; i++) {
                byte[] piece = new byte[1 + random.nextInt(PIECE_BYTES_MAX)];
                random.nextBytes(piece);
                writeAt(disk.getKey(), random.nextInt(disk.getValue().length - piece.length), piece);
            }
        }
        return this;
    }

    void writeAt(int disk, int offsetBytes, byte[] piece) throws IOException {
        machine.write(disk, offsetBytes, piece);
        System.arraycopy(piece, 0, content(disk), offsetBytes, piece.length);
    }

    private byte[] content(int disk) {
        byte[] content = disks.get(disk);
        if (content == null) {
            throw new IllegalArgumentException("the guest has no disk " + disk);
        }
        return content;
    }

    /** Grows a disk, and takes notice of it. */
    void hasGrown(int disk, int capacityBytes) {
        disks.put(disk, Arrays.copyOf(content(disk), capacityBytes));
    }

    /** Takes a disk for another one, empty, of the same size. */
    void hasAnother(int disk) {
        disks.put(disk, new byte[content(disk).length]);
    }

    void enlargeTarget(int disk, int bytes) throws IOException {
        try (RandomAccessFile image = new RandomAccessFile(target(disk).toFile(), "rw")) {
            image.setLength(bytes);
        }
    }

    /** Returns what all disks hold now. */
    Map<Integer, byte[]> content() {
        Map<Integer, byte[]> copy = new LinkedHashMap<>();
        disks.forEach((disk, content) -> copy.put(disk, content.clone()));
        return copy;
    }

    /** Takes it that all disks hold this again. */
    void wentBackTo(Map<Integer, byte[]> content) {
        content.forEach((disk, bytes) -> disks.put(disk, bytes.clone()));
    }

    /** Compares every target with what was written. */
    void isReplicated() throws IOException {
        isReplicated(disks);
    }

    /** Compares every target with an earlier content. */
    void isReplicated(Map<Integer, byte[]> content) throws IOException {
        for (Map.Entry<Integer, byte[]> disk : content.entrySet()) {
            byte[] held = Files.readAllBytes(target(disk.getKey()));
            assertThat(Arrays.mismatch(held, disk.getValue()))
                    .as("first wrong byte of disk %d of '%s'", disk.getKey(), name)
                    .isEqualTo(-1);
        }
    }
}
