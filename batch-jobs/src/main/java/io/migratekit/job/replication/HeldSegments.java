package io.migratekit.job.replication;

import io.migratekit.source.extent.ChangeMapSegment;
import io.migratekit.source.extent.ChangeMapSegments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A change map that is held in memory, 32 MiB at worst: for whoever begins again after a crash anyway. */
public final class HeldSegments implements ChangeMapSegments {
    private final List<ChangeMapSegment> segments = new ArrayList<>();

    @Override
    public void append(ChangeMapSegment segment) {
        long endBytes =
                segments.isEmpty() ? 0 : segments.get(segments.size() - 1).untilBytes();
        if (segment.fromBytes() != endBytes) {
            throw new IllegalArgumentException("a segment that begins at %d does not follow the map that ends at %d"
                    .formatted(segment.fromBytes(), endBytes));
        }
        segments.add(segment);
    }

    @Override
    public Optional<ChangeMapSegment> find(long fromBytes) {
        return segments.stream()
                .filter(segment -> segment.fromBytes() == fromBytes)
                .findFirst();
    }

    @Override
    public List<Summary> summaries() {
        return segments.stream()
                .map(segment -> new Summary(segment.fromBytes(), segment.untilBytes(), segment.dataBytes()))
                .toList();
    }

    @Override
    public void clear() {
        segments.clear();
    }
}
