package io.migratekit.volume.export;

final class EmbeddedFenceTest extends ExportFenceContract {
    @Override
    ExportEngine build(ExportEngines engines) {
        return engines.embedded();
    }
}
