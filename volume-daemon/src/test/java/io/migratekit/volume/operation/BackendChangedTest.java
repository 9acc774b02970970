package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.ledger.JournalWrites;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A daemon dies when a volume is made and not yet recorded; the next one has other settings. */
final class BackendChangedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Database database = Database.inMemory();
    private final FaultyBackend first = new FaultyBackend(new MemoryBackend("first"));
    private final MemoryBackend second = new MemoryBackend("second");
    private final long epoch = database.lease(PATIENCE).acquire(Optional.empty());
    private final JournalWrites writes = database.lease(PATIENCE).writes(epoch);
    private final OperationId cut = cutWhenMade();

    @Test
    void goesOnWhereItWasBegun() {
        try (VolumeOperations next = daemon(writes, second, first)) {
            next.recover();
            assertThat(next.await(cut, PATIENCE).status()).isEqualTo(OperationStatus.COMPLETED);
            assertThat(next.volumes())
                    .singleElement()
                    .extracting(Volume::backend)
                    .isEqualTo("first");
            assertThat(next.reconcile(false)).isEmpty();
        }
        assertThat(first.owned()).hasSize(1);
        assertThat(second.owned()).isEmpty();
    }

    @Test
    void isTakenBackWhereItWasBegun() {
        first.fail("create", Kind.FAILED);
        try (VolumeOperations next = daemon(writes, second, first)) {
            next.recover();
            assertThat(next.await(cut, PATIENCE).status()).isEqualTo(OperationStatus.FAILED);
        }
        assertThat(first.owned()).isEmpty();
    }

    @Test
    void saysWhichBackEndIsConfiguredNoMore() {
        try (VolumeOperations next = daemon(writes, second)) {
            next.recover();
            Operation ended = next.await(cut, PATIENCE);
            assertThat(ended.status()).isEqualTo(OperationStatus.FAILED);
            assertThat(ended.error().orElseThrow())
                    .contains("was begun by back end 'first', which is not configured here (second is)")
                    .contains("Left as it is: create volume 'one'");
            assertThat(next.volumes()).isEmpty();
        }
        assertThat(second.owned()).isEmpty();
    }

    @AfterEach
    void end() {
        database.close();
    }

    /** Thrown in place of the death of a process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private OperationId cutWhenMade() {
        JournalWrites cutting = work -> {
            if (!first.owned().isEmpty()) {
                throw new Killed();
            }
            writes.run(work);
        };
        VolumeOperations doomed = daemon(cutting, first, second);
        OperationId id = doomed.submit("key", new VolumeRequest.Create("one", 1 << 20, Optional.empty()))
                .id();
        assertThat(doomed.await(id, PATIENCE).status()).isEqualTo(OperationStatus.EXECUTING);
        return id;
    }

    private VolumeOperations daemon(JournalWrites through, VolumeBackend... backends) {
        return new VolumeOperations(
                database.ledger(), through, new Backends(List.of(backends)), new MemoryEngine(), PATIENCE);
    }
}
