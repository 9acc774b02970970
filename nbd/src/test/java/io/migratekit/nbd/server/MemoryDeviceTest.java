package io.migratekit.nbd.server;

final class MemoryDeviceTest extends ExportDeviceContract {
    @Override
    protected ExportDevice open(long sizeBytes) {
        return new MemoryDevice(sizeBytes);
    }
}
