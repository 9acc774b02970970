package io.migratekit.job.verification;

import io.migratekit.job.lease.Lease;
import io.migratekit.job.ledger.VerificationJob.Counters;
import io.migratekit.job.ledger.VerificationJob.Difference;
import io.migratekit.job.ledger.VerificationJobs;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentCursor;
import io.migratekit.target.ExtentComparer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Counts what a verification finds, leaving out what changed at the source meanwhile. Each byte that was looked at counts
 * as compared or as excluded, never as both.
 */
final class Findings {
    private final Lease lease;
    private final VerificationJobs jobs;
    private long totalBytes;
    private long comparedBytes;
    private long excludedBytes;
    private long differentBytes;
    private long differences;

    Findings(Lease lease, VerificationJobs jobs) {
        this.lease = lease;
        this.jobs = jobs;
    }

    synchronized void begins(long capacityBytes) {
        totalBytes += capacityBytes;
    }

    synchronized Counters counters() {
        return new Counters(totalBytes, comparedBytes, excludedBytes, differentBytes, differences);
    }

    /**
     * Returns a listener for one disk.
     *
     * @param changed what changed at the source since the last restore point, if that is known
     */
    ExtentComparer.DifferenceListener of(String diskKey, Optional<ChangeMap> changed) {
        return new ExtentComparer.DifferenceListener() {
            @Override
            public void different(long offsetBytes, long lengthBytes) {
                try {
                    outsideOfChanges(offsetBytes, lengthBytes);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            private void outsideOfChanges(long offsetBytes, long lengthBytes) throws IOException {
                long position = offsetBytes;
                long endBytes = offsetBytes + lengthBytes;
                if (changed.isPresent()) {
                    try (ExtentCursor cursor = changed.get().walk(offsetBytes, endBytes)) {
                        for (Extent extent = cursor.next(Long.MAX_VALUE);
                                extent != null;
                                extent = cursor.next(Long.MAX_VALUE)) {
                            found(diskKey, position, extent.offsetBytes() - position);
                            position = extent.endBytes();
                        }
                    }
                }
                found(diskKey, position, endBytes - position);
            }

            @Override
            public void compared(long offsetBytes, long lengthBytes, long bytesRead) {
                try {
                    counted(lengthBytes, changedBytes(changed, offsetBytes, offsetBytes + lengthBytes));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private static long changedBytes(Optional<ChangeMap> changed, long fromBytes, long untilBytes) throws IOException {
        return changed.isPresent() ? changed.get().bytes(Extent.Kind.DATA, fromBytes, untilBytes) : 0;
    }

    private synchronized void counted(long lengthBytes, long changedBytes) {
        comparedBytes += lengthBytes - changedBytes;
        excludedBytes += changedBytes;
    }

    private void found(String diskKey, long offsetBytes, long lengthBytes) {
        if (lengthBytes <= 0) {
            return;
        }
        long number;
        synchronized (this) {
            differentBytes += lengthBytes;
            number = ++differences;
        }
        if (number <= VerificationJobs.DIFFERENCES_LISTED_MAX) {
            jobs.difference(lease, new Difference(diskKey, offsetBytes, lengthBytes));
        }
    }
}
