package io.migratekit.source.extent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Keeps segments in their stored form in memory. */
public final class MemoryChangeMapSegments implements ChangeMapSegments {
    private final Map<Long, byte[]> stored = new ConcurrentSkipListMap<>();

    @Override
    public void append(ChangeMapSegment segment) throws IOException {
        List<Summary> before = summaries();
        long endBytes = before.isEmpty() ? 0 : before.get(before.size() - 1).untilBytes();
        if (segment.fromBytes() != endBytes) {
            throw new IllegalArgumentException("%s does not begin at %d".formatted(segment, endBytes));
        }
        stored.put(segment.fromBytes(), segment.toBytes());
    }

    @Override
    public Optional<ChangeMapSegment> find(long fromBytes) throws IOException {
        byte[] bytes = stored.get(fromBytes);
        return bytes == null ? Optional.empty() : Optional.of(ChangeMapSegment.ofBytes(bytes));
    }

    @Override
    public List<Summary> summaries() throws IOException {
        List<Summary> summaries = new ArrayList<>();
        for (byte[] bytes : stored.values()) {
            ChangeMapSegment segment = ChangeMapSegment.ofBytes(bytes);
            summaries.add(new Summary(segment.fromBytes(), segment.untilBytes(), segment.dataBytes()));
        }
        return summaries;
    }

    @Override
    public void clear() {
        stored.clear();
    }
}
