package io.migratekit.volume.daemon;

final class EmbeddedExportsIT extends ExportsContract {
    EmbeddedExportsIT() {
        super("embedded");
    }
}
