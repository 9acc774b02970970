package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.Operation;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** A daemon's operations on a back end and an engine in memory, with a database of its own. */
abstract class OperationsFixture {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final long SIZE_BYTES = 1 << 20;

    final Database database = Database.inMemory();
    final MemoryBackend backend = new MemoryBackend();
    final MemoryEngine engine = new MemoryEngine();
    final long epoch = database.lease(PATIENCE).acquire(Optional.empty());
    VolumeOperations volumes = start();

    VolumeOperations start() {
        return new VolumeOperations(
                database.ledger(),
                database.lease(PATIENCE).writes(epoch),
                new Backends(List.of(backend)),
                engine,
                Duration.ofMillis(300));
    }

    @AfterEach
    void end() {
        volumes.close();
    }

    VolumeId create(String name) {
        return perform(new VolumeRequest.Create(name, SIZE_BYTES, Optional.empty()))
                .volume();
    }

    VolumeId create(String name, String context) {
        return perform(new VolumeRequest.Create(name, SIZE_BYTES, Optional.of(context)))
                .volume();
    }

    void attach(VolumeId id, String vmId) {
        perform(new VolumeRequest.Attach(id, vmId, false));
    }

    Operation perform(VolumeRequest request) {
        return volumes.perform(UUID.randomUUID().toString(), request, PATIENCE);
    }

    static void refused(Runnable call, String words) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining(words);
    }
}
