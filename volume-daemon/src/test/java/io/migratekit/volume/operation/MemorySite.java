package io.migratekit.volume.operation;

import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.export.ExportEngine;

/** Everything in memory. */
final class MemorySite implements Site {
    private final MemoryBackend backend = new MemoryBackend();
    private final MemoryEngine engine = new MemoryEngine();

    @Override
    public VolumeBackend backend() {
        return backend;
    }

    @Override
    public ExportEngine engine() {
        return engine;
    }

    @Override
    public long sizeBytes() {
        return 1 << 20;
    }

    @Override
    public long unitBytes() {
        return 4096;
    }

    @Override
    public String appliance() {
        return VolumeRequest.APPLIANCE;
    }

    @Override
    public String otherVm() {
        return "vm-7";
    }

    @Override
    public long tooLargeBytes() {
        backend.room(unitBytes());
        return sizeBytes();
    }

    @Override
    public void write(VolumeId id, int value) {
        backend.write(id, Integer.toString(value));
    }

    @Override
    public int read(VolumeId id) {
        return Integer.parseInt(backend.content(id));
    }

    @Override
    public void own(VolumeId id, boolean ours) {
        backend.own(id, ours);
    }

    @Override
    public void close() {
        engine.close();
    }
}
