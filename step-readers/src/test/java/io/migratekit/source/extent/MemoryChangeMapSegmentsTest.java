package io.migratekit.source.extent;

final class MemoryChangeMapSegmentsTest extends ChangeMapSegmentsContract {
    @Override
    protected ChangeMapSegments open() {
        return new MemoryChangeMapSegments();
    }
}
