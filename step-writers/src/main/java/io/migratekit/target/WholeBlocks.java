package io.migratekit.target;

import io.migratekit.nbd.client.ExportInfo;

/** How pieces are widened where a side takes whole blocks alone, as far as its disk goes. */
final class WholeBlocks {
    private final long blockBytes; // of the side with the larger ones
    private final long sourceEndBytes; // of the disk as it is served
    private final long targetEndBytes; // of the disk to copy, in whole blocks of the target

    WholeBlocks(CopyTask task, ExportInfo source, ExportInfo target) {
        this.blockBytes = Math.max(source.blockBytesMin(), target.blockBytesMin());
        this.sourceEndBytes = source.sizeBytes();
        this.targetEndBytes = roundUp(task.capacityBytes(), target.blockBytesMin());
    }

    long blockBytes() {
        return blockBytes;
    }

    /** Sets what has to be written at least, for a piece to be whole blocks; zeros are cut elsewhere. */
    void widen(Piece piece) {
        long start = piece.offsetBytes & -blockBytes;
        long end = Math.min(roundUp(piece.offsetBytes + piece.lengthBytes, blockBytes), targetEndBytes);
        piece.wideOffsetBytes = piece.zero ? piece.offsetBytes : start;
        piece.wideLengthBytes = piece.zero ? 0 : (int) (end - start);
    }

    /** Returns how much to read for a widened piece. */
    long readBytes(Piece piece) {
        long end = Math.min(roundUp(piece.wideOffsetBytes + piece.wideLengthBytes, blockBytes), sourceEndBytes);
        return end - piece.wideOffsetBytes;
    }

    private static long roundUp(long bytes, long blockBytes) {
        return (bytes + blockBytes - 1) & -blockBytes;
    }
}
