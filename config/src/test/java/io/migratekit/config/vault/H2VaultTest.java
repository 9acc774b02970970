package io.migratekit.config.vault;

final class H2VaultTest extends VaultContract {
    @Override
    SealedDatabase open() {
        return SealedDatabase.inMemory();
    }
}
