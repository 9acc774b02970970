package io.migratekit.target;

import io.migratekit.nbd.client.ExportInfo;

/** What a target must be before its first byte is written. */
public final class TargetCheck {
    private TargetCheck() {}

    /**
     * Checks size, writability and durability.
     *
     * @throws CopyException.Refused with what is wrong and what to do
     */
    public static void check(CopyTask task, ExportInfo source, ExportInfo target) throws CopyException.Refused {
        if (source.sizeBytes() < task.capacityBytes()) {
            throw new CopyException.Refused(
                    "the source %s has %d bytes where the disk has %d; it is not the disk that was planned. Check what is served there"
                            .formatted(task.source(), source.sizeBytes(), task.capacityBytes()));
        }
        if (target.sizeBytes() < task.capacityBytes()) {
            throw new CopyException.Refused(
                    "the target %s has %d bytes, %d too few for a disk of %d. Use a larger volume"
                            .formatted(
                                    task.target(),
                                    target.sizeBytes(),
                                    task.capacityBytes() - target.sizeBytes(),
                                    task.capacityBytes()));
        }
        if (target.readOnly()) {
            throw new CopyException.Refused(
                    "the target %s is read-only. Serve it for writing".formatted(task.target()));
        }
        if (!target.canFlush() && !task.unsafeTarget()) {
            throw new CopyException.Refused(
                    "the target %s offers no FLUSH, so nothing written there can be called durable. Turn flush on at the server (nbd-server: flush = true), or accept the risk with --unsafe-target"
                            .formatted(task.target()));
        }
        checkTail(task, target);
        checkBlocks(task, source, target);
    }

    /** A request must hold a block of either side. */
    private static void checkBlocks(CopyTask task, ExportInfo source, ExportInfo target) throws CopyException.Refused {
        int blockBytes = Math.max(source.blockBytesMin(), target.blockBytesMin());
        int payloadBytes = Math.min(source.payloadBytesMax(), target.payloadBytesMax());
        if (payloadBytes < blockBytes) {
            throw new CopyException.Refused(
                    "no request fits both sides: %s takes %d to %d bytes, %s takes %d to %d. Change the block sizes of one of the servers"
                            .formatted(
                                    task.source(),
                                    source.blockBytesMin(),
                                    source.payloadBytesMax(),
                                    task.target(),
                                    target.blockBytesMin(),
                                    target.payloadBytesMax()));
        }
    }

    /** The last bytes of an odd-sized disk are padded with zeros up to a whole block of the target. */
    private static void checkTail(CopyTask task, ExportInfo target) throws CopyException.Refused {
        long block = target.blockBytesMin();
        long paddedBytes = (task.capacityBytes() + block - 1) / block * block;
        if (paddedBytes > target.sizeBytes()) {
            throw new CopyException.Refused(
                    "the target %s takes blocks of %d bytes; a disk of %d bytes needs %d there, and it has %d. Use a larger volume"
                            .formatted(task.target(), block, task.capacityBytes(), paddedBytes, target.sizeBytes()));
        }
    }
}
