package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.Operation;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** An empty database and a daemon on it, with back end and engine in memory. */
abstract class VolumesFixture {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final long SIZE_BYTES = 1 << 20;

    final Database database = database();
    final MemoryBackend backend = new MemoryBackend();
    final MemoryEngine engine = new MemoryEngine();
    final long epoch = database.lease(PATIENCE).acquire(Optional.empty());
    final VolumeOperations daemon = daemon();
    final Volumes volumes = reach(daemon);

    /** Returns an empty database. */
    Database database() {
        return Database.inMemory();
    }

    /** Returns the way to ask. */
    abstract Volumes reach(VolumeOperations daemon);

    final VolumeOperations daemon() {
        return new VolumeOperations(
                database.ledger(),
                database.lease(PATIENCE).writes(epoch),
                new Backends(List.of(backend)),
                engine,
                Duration.ofMillis(300));
    }

    @AfterEach
    final void end() {
        daemon.close();
    }

    final VolumeId create(String name) {
        return perform(new VolumeRequest.Create(name, SIZE_BYTES, Optional.empty()))
                .volume();
    }

    final VolumeId create(String name, String context) {
        return perform(new VolumeRequest.Create(name, SIZE_BYTES, Optional.of(context)))
                .volume();
    }

    final void attach(VolumeId id, String vmId) {
        perform(new VolumeRequest.Attach(id, vmId, false));
    }

    final Operation perform(VolumeRequest request) {
        return volumes.perform(UUID.randomUUID().toString(), request, PATIENCE);
    }

    static void refused(Runnable call, String words) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining(words);
    }
}
