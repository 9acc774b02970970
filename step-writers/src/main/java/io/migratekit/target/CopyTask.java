package io.migratekit.target;

import io.migratekit.nbd.NbdUri;
import io.migratekit.source.Upstream;

/**
 * What is copied where.
 *
 * @param source export to read; its size is at least capacityBytes
 * @param target export to write; its size is at least capacityBytes
 * @param capacityBytes size of the disk
 * @param targetIsZero whether everything that this run has not written reads as zero on the target, so that zeros can
 *     be left out; proven or promised by the operator, never assumed
 * @param unsafeTarget whether a target without FLUSH is accepted, at the price that nothing is durable
 * @param upstream what stands behind the source, asked before that is tried again
 */
public record CopyTask(
        NbdUri source,
        NbdUri target,
        long capacityBytes,
        boolean targetIsZero,
        boolean unsafeTarget,
        Upstream upstream) {

    /** Makes one of a source that stands for itself. */
    public CopyTask(NbdUri source, NbdUri target, long capacityBytes, boolean targetIsZero, boolean unsafeTarget) {
        this(source, target, capacityBytes, targetIsZero, unsafeTarget, Upstream.NONE);
    }
}
