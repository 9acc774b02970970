package io.migratekit.config.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.migratekit.config.vault.VaultException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the vault does on every database. */
abstract class VaultContract {
    @TempDir
    Path folder;

    private SealedDatabase database;
    private KeyFile file;
    private Vault vault;

    /** Returns an empty migrated database. */
    abstract SealedDatabase open() throws Exception;

    @BeforeEach
    void openVault() throws Exception {
        database = open();
        file = new KeyFile(folder.resolve("vault.key"));
        vault = database.vault(file);
    }

    @Test
    void opensWhatItSealedAndKeepsNothingPlain() throws Exception {
        database.store(vault, "prod");

        assertThat(database.openApiKey(vault, "prod")).isEqualTo("prod-api");
        assertThat(database.openSecretKey(vault, "prod")).isEqualTo("prod-secret");
        assertThat(database.sealed("api_key_sealed", "prod"))
                .matches("v1\\.[0-9a-f]{16}\\.[A-Za-z0-9_-]+")
                .contains(file.read().newest().id());
    }

    @Test
    void sealsTheSameSecretDifferentlyEachTime() {
        database.store(vault, "a");
        String before = database.sealed("api_key_sealed", "a");
        database.forgetAll();
        database.store(vault, "a");

        assertThat(database.sealed("api_key_sealed", "a")).isNotEqualTo(before);
    }

    @Test
    void doesNotOpenWhatWasMovedToAnotherRowColumnOrServer() {
        database.store(vault, "prod");
        database.store(vault, "evil");
        String sealed = database.sealed("secret_key_sealed", "prod");

        damaged(SealedDatabase.secretKey("evil"), sealed);
        damaged(SealedDatabase.apiKey("prod"), sealed);
        damaged(new SecretOwner(SealedColumn.OSSEA_SECRET_KEY, "prod", "https://evil.example"), sealed);
    }

    @Test
    void doesNotOpenWhatWasChangedInAnyOfItsCharacters() {
        database.store(vault, "prod");
        String sealed = database.sealed("secret_key_sealed", "prod");
        int box = sealed.lastIndexOf('.') + 1;
        for (int at = box; at < sealed.length() - 1; at++) { // the last one has bits that Base64 does not use
            char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
            damaged(SealedDatabase.secretKey("prod"), sealed.substring(0, at) + other + sealed.substring(at + 1));
        }
        damaged(SealedDatabase.secretKey("prod"), "prod-secret");
    }

    @Test
    void refusesToOpenSealAndRotateWithoutTheKeyAndMakesNoOther() throws Exception {
        database.store(vault, "prod");
        String id = file.read().newest().id();
        Files.delete(file.path());

        refused(() -> database.openApiKey(vault, "prod"), Kind.NO_KEY, id, "vault.key", "no key");
        refused(() -> database.store(vault, "two"), Kind.NO_KEY, id, "from its copy");
        refused(() -> vault.rotate(), Kind.NO_KEY, id);
        assertThat(file.path()).doesNotExist();
    }

    @Test
    void refusesAWrongKeyByItsIdAndStoresNothingUnderIt() throws Exception {
        database.store(vault, "prod");
        String right = file.read().newest().id();
        Files.delete(file.path());
        SealedDatabase other = SealedDatabase.inMemory();
        other.store(other.vault(file), "other");
        String wrong = file.read().newest().id();

        refused(() -> database.openApiKey(vault, "prod"), Kind.NO_KEY, right, wrong);
        refused(() -> database.store(vault, "two"), Kind.NO_KEY, right, wrong);
        refused(() -> vault.rotate(), Kind.NO_KEY, right, wrong);
    }

    @Test
    void beginsAnewWithANewKeyOnceNoSecretIsLeft() throws Exception {
        database.store(vault, "prod");
        Files.delete(file.path());
        database.forgetAll();

        database.store(vault, "again");

        assertThat(database.openApiKey(vault, "again")).isEqualTo("again-api");
    }

    @Test
    void rotatesEverySecretToANewKeyAndDropsTheOld() throws Exception {
        database.store(vault, "a");
        database.store(vault, "b");
        VaultKey old = file.read().newest();

        Rotation rotation = vault.rotate();

        assertThat(rotation).isEqualTo(new Rotation(file.read().newest().id(), 4, 1));
        assertThat(file.read().keys()).hasSize(1);
        assertThat(file.read().find(old.id())).isEmpty();
        assertThat(database.openSecretKey(vault, "a")).isEqualTo("a-secret");
        assertThat(database.sealed("api_key_sealed", "b")).contains(rotation.keyId());
    }

    @Test
    void takesTheKeysOfTheEnvironmentAndRotatesToTheFirst() {
        KeyRing two = KeyRing.EMPTY.with(VaultKey.random(new SecureRandom()));
        String old = two.newest().base64();
        two = two.with(VaultKey.random(new SecureRandom()));
        String next = two.newest().base64();
        database.store(database.vault(new EnvironmentKeys(old)), "prod");
        Vault both = database.vault(new EnvironmentKeys(next + "," + old));

        refused(() -> database.vault(new EnvironmentKeys(old)).rotate(), Kind.REFUSED, "put a new one in front");
        assertThat(database.openApiKey(both, "prod")).isEqualTo("prod-api");
        assertThat(both.rotate()).isEqualTo(new Rotation(two.newest().id(), 2, 0));
        assertThat(database.openApiKey(database.vault(new EnvironmentKeys(next)), "prod"))
                .isEqualTo("prod-api");
    }

    @Test
    void rotatesNothingWhereNothingIsSealed() {
        refused(() -> vault.rotate(), Kind.REFUSED, "no secret yet");
    }

    @Test
    void losesNoSecretThatIsStoredWhileKeysAreRotated() throws Exception {
        database.store(vault, "first");
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            Future<?> storing = two.submit(
                    () -> IntStream.range(0, 20).forEach(i -> database.store(database.vault(file), "config" + i)));
            Future<?> rotating = two.submit(() ->
                    IntStream.range(0, 5).forEach(i -> database.vault(file).rotate()));
            storing.get();
            rotating.get();
        } finally {
            two.shutdownNow();
        }

        for (int i = 0; i < 20; i++) {
            assertThat(database.openApiKey(vault, "config" + i)).isEqualTo("config" + i + "-api");
        }
        assertThat(file.read().keys()).hasSize(1);
    }

    @Test
    void twoProcessesThatStoreTheFirstSecretsAgreeOnOneKey() throws Exception {
        ExecutorService four = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(i -> four.submit(() -> database.store(database.vault(file), "config" + i)))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            four.shutdownNow();
        }

        assertThat(file.read().keys()).hasSize(1);
        for (int i = 0; i < 4; i++) {
            assertThat(database.openApiKey(vault, "config" + i)).isEqualTo("config" + i + "-api");
        }
    }

    @Test
    void knowsEveryColumnThatHoldsSecrets() {
        List<String> columns = database.sql()
                .sql("SELECT DISTINCT LOWER(CONCAT(table_name, '.', column_name)) FROM information_schema.columns"
                        + " WHERE LOWER(column_name) LIKE '%sealed'")
                .query(String.class)
                .list();

        assertThat(columns)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(SealedColumn.values())
                        .map(column -> column.table() + "." + column.column())
                        .toList());
    }

    private void damaged(SecretOwner owner, String sealed) {
        refused(() -> vault.open(owner, sealed), Kind.DAMAGED, owner.name());
    }

    private static void refused(Runnable call, Kind kind, String... words) {
        assertThatThrownBy(call::run)
                .asInstanceOf(type(VaultException.class))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(kind))
                .satisfies(failure -> assertThat(failure).hasMessageContainingAll(words))
                .satisfies(failure -> assertThat(failure.toString()).doesNotContain("prod-api", "prod-secret"));
    }
}
