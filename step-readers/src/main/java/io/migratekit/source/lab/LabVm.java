package io.migratekit.source.lab;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** A machine of a lab, and the hand of its guest. Each method takes effect at once and for all processes. */
public final class LabVm {
    private final Lab lab;
    private final VmFolder folder;

    LabVm(Lab lab, VmFolder folder) {
        this.lab = lab;
        this.folder = folder;
    }

    /** Returns its name. */
    public String name() {
        return folder.name();
    }

    /** Returns its disks, in ascending order. */
    public List<DiskKey> diskKeys() throws IOException {
        return List.copyOf(folder.load().disks().keySet());
    }

    /** Returns the size of a disk. */
    public long capacityBytes(DiskKey disk) throws IOException {
        return disk(folder.load(), disk).capacityBytes();
    }

    /** Returns how a disk is named as a source: {@code lab:/folder/VM/DISKKEY}. */
    public SourceRef ref(DiskKey disk) {
        return new SourceRef(LabRef.SCHEME + lab.folder() + "/" + name() + "/" + disk);
    }

    /** Returns the file with what the guest sees now; to be read only. */
    public Path image(DiskKey disk) {
        return folder.image(disk);
    }

    /** Tells whether its guest runs. */
    public boolean poweredOn() throws IOException {
        return folder.load().poweredOn();
    }

    /** Starts or ends its guest; a powered-off machine is not written. */
    public void power(boolean on) throws IOException {
        folder.locked(() -> folder.store(folder.load().power(on)));
    }

    /** Writes the remaining bytes of {@code bytes} as the guest would; change tracking notes them. */
    public void write(DiskKey disk, long offsetBytes, ByteBuffer bytes) throws IOException {
        folder.locked(() -> {
            VmState state = runningState();
            checkInside(disk(state, disk), offsetBytes, bytes.remaining());
            if (!lab.strikes(LabFault.LYING_TRACKER)) {
                note(state, disk, offsetBytes, bytes.remaining());
            }
            try (FileChannel file = FileChannel.open(folder.image(disk), StandardOpenOption.WRITE)) {
                GuestData.writeFully(file, offsetBytes, bytes);
            }
            return state;
        });
    }

    /**
     * Overwrites blocks of 64 KiB at random places of all disks with random content.
     *
     * @param seed the same seed writes the same
     * @param percent how much of each disk, 0 to 100; a block may be hit twice
     * @return how many bytes were written
     */
    public long churn(long seed, double percent) throws IOException {
        return folder.locked(() -> {
            long writtenBytes = 0;
            VmState state = runningState();
            Random places = new Random(seed);
            GuestData content = new GuestData(seed + 1);
            for (DiskKey disk : state.disks().keySet()) {
                long capacityBytes = disk(state, disk).capacityBytes();
                long blocks = capacityBytes / ChangeLog.BLOCK_BYTES;
                long writes = Math.round(blocks * percent / 100);
                writtenBytes += churn(
                        state,
                        disk,
                        places.longs(writes, 0, Math.max(1, blocks)).toArray(),
                        content);
            }
            return writtenBytes;
        });
    }

    /** Makes all earlier change ids unknown, as a host's crash does. */
    public void resetTracking() throws IOException {
        folder.locked(() -> {
            VmState state = folder.load();
            for (DiskKey disk : List.copyOf(state.disks().keySet())) {
                state = state.reset(disk, disk(state, disk).capacityBytes());
            }
            return folder.store(state);
        });
    }

    /** Changes the size of a disk, which makes its earlier change ids unknown. */
    public void resize(DiskKey disk, long capacityBytes) throws IOException {
        folder.locked(() -> {
            VmState state = folder.load();
            disk(state, disk);
            GuestData.resize(folder.image(disk), capacityBytes);
            return folder.store(state.reset(disk, capacityBytes));
        });
    }

    Lab lab() {
        return lab;
    }

    VmFolder folder() {
        return folder;
    }

    private long churn(VmState state, DiskKey disk, long[] blocks, GuestData content) throws IOException {
        try (ChangeLog.Notes notes = folder.changes(disk).notes(state.sequence())) {
            long noted = lab.strikes(LabFault.LYING_TRACKER) ? 1 : 0; // a lie leaves out the first block
            for (long block : LongStream.of(blocks).skip(noted).toArray()) {
                notes.add(block * ChangeLog.BLOCK_BYTES, ChangeLog.BLOCK_BYTES);
            }
        }
        try (FileChannel file = FileChannel.open(folder.image(disk), StandardOpenOption.WRITE)) {
            for (long block : blocks) {
                content.write(file, block * ChangeLog.BLOCK_BYTES, (block + 1) * ChangeLog.BLOCK_BYTES);
            }
        }
        return (long) blocks.length * ChangeLog.BLOCK_BYTES;
    }

    private void note(VmState state, DiskKey disk, long offsetBytes, long lengthBytes) throws IOException {
        try (ChangeLog.Notes notes = folder.changes(disk).notes(state.sequence())) {
            notes.add(offsetBytes, lengthBytes);
        }
    }

    private VmState runningState() throws IOException {
        VmState state = folder.load();
        if (!state.poweredOn()) {
            throw new IllegalStateException("machine '%s' is powered off; its guest cannot write".formatted(name()));
        }
        return state;
    }

    private VmState.Disk disk(VmState state, DiskKey disk) {
        VmState.Disk found = state.disks().get(disk);
        if (found == null) {
            throw new IllegalArgumentException("machine '%s' has no disk %s; it has %s"
                    .formatted(name(), disk, state.disks().keySet()));
        }
        return found;
    }

    private static void checkInside(VmState.Disk disk, long offsetBytes, long lengthBytes) {
        if (offsetBytes < 0 || lengthBytes > disk.capacityBytes() - offsetBytes) {
            throw new IllegalArgumentException(
                    "%d bytes at %d of a disk of %d bytes".formatted(lengthBytes, offsetBytes, disk.capacityBytes()));
        }
    }
}
