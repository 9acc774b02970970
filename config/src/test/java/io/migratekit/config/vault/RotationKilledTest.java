package io.migratekit.config.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** A rotation that ends at each of its points in turn: around every write of the key file, every sealing, every commit. */
final class RotationKilledTest {
    private static final int CONFIGURATIONS = 3;

    @TempDir
    Path folder;

    @Test
    void leavesEverySecretReadableWhereverItEndsAndIsSimplyRunAgain() throws Exception {
        int point = 1;
        while (endsAt(point)) {
            point++;
        }
        // before and after two writes and two commits, a new key, and a nonce for each of two secrets per configuration
        assertThat(point).isGreaterThan(2 * CONFIGURATIONS + 8);
    }

    /** Returns whether the rotation reached that point; it is killed there, and everything is looked at. */
    private boolean endsAt(int point) throws IOException {
        SealedDatabase database = SealedDatabase.inMemory();
        KeyFile file = new KeyFile(folder.resolve("vault-%d.key".formatted(point)));
        Vault vault = database.vault(file);
        for (int i = 0; i < CONFIGURATIONS; i++) {
            database.store(vault, "config" + i);
        }
        boolean killed = killed(database, file, new Countdown(point));
        allOpen(database, file);
        database.store(database.vault(file), "later");
        allOpen(database, file);

        Rotation again = database.vault(file).rotate();

        allOpen(database, file);
        assertThat(file.read().keys()).as("keys after point %d", point).hasSize(1);
        assertThat(again.keyId()).isEqualTo(file.read().newest().id());
        assertThat(leftovers()).as("half written files after point %d", point).isEmpty();
        return killed;
    }

    private static boolean killed(SealedDatabase database, KeyFile file, Countdown countdown) {
        Vault dying = database.vault(
                new DyingPlace(file, countdown),
                new DyingTransactions(database.source(), countdown),
                new DyingRandom(countdown));
        try {
            dying.rotate();
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    private static void allOpen(SealedDatabase database, KeyFile file) {
        Vault vault = database.vault(file);
        for (int i = 0; i < CONFIGURATIONS; i++) {
            assertThat(database.openApiKey(vault, "config" + i)).isEqualTo("config" + i + "-api");
            assertThat(database.openSecretKey(vault, "config" + i)).isEqualTo("config" + i + "-secret");
        }
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.getFileName().toString().startsWith(".vault-"))
                    .toList();
        }
    }

    /** No exception that anybody handles, as no process handles its own kill. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private static final class Countdown {
        private int left;

        Countdown(int left) {
            this.left = left;
        }

        void pass() {
            if (--left == 0) {
                throw new Killed();
            }
        }
    }

    private record DyingPlace(KeyFile file, Countdown countdown) implements KeyPlace {
        @Override
        public KeyRing read() throws IOException {
            return file.read();
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public void write(KeyRing keys) throws IOException {
            countdown.pass();
            file.write(keys);
            countdown.pass();
        }

        @Override
        public String name() {
            return file.name();
        }
    }

    private static final class DyingTransactions extends DataSourceTransactionManager {
        private static final long serialVersionUID = 1;
        private final transient Countdown countdown;

        DyingTransactions(DataSource source, Countdown countdown) {
            super(source);
            this.countdown = countdown;
            setRollbackOnCommitFailure(true);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            countdown.pass();
            super.doCommit(status);
        }

        @Override
        protected void doCleanupAfterCompletion(Object transaction) {
            super.doCleanupAfterCompletion(transaction);
            countdown.pass();
        }
    }

    private static final class DyingRandom extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient Countdown countdown;

        DyingRandom(Countdown countdown) {
            this.countdown = countdown;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            countdown.pass();
            super.nextBytes(bytes);
        }
    }
}
