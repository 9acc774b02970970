package io.migratekit.volume;

import java.util.Optional;

/**
 * Which operations to list, newest first.
 *
 * @param volume only those of a volume
 * @param status only those that are so
 * @param countMax the most to return, 1 to 10000
 */
public record OperationFilter(Optional<VolumeId> volume, Optional<OperationStatus> status, int countMax) {
    private static final int COUNT_MAX = 10_000;

    public OperationFilter {
        if (countMax < 1 || countMax > COUNT_MAX) {
            throw new IllegalArgumentException(
                    "%d operations are asked for; 1 to %d can be listed".formatted(countMax, COUNT_MAX));
        }
    }

    /** Returns the newest {@code countMax} of all. */
    public static OperationFilter newest(int countMax) {
        return new OperationFilter(Optional.empty(), Optional.empty(), countMax);
    }
}
