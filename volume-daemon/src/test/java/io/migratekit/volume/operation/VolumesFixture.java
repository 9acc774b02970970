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

/** An empty database and a daemon on it, at some site. */
abstract class VolumesFixture {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final Database database = database();
    final Site site = site();
    final long sizeBytes = site.sizeBytes();
    final FaultyBackend backend = new FaultyBackend(site.backend());
    final FaultyEngine engine = new FaultyEngine(site.engine());
    final long epoch = database.lease(PATIENCE).acquire(Optional.empty());
    final VolumeOperations daemon = daemon();
    final Volumes volumes = reach(daemon);

    /** Returns an empty database. */
    Database database() {
        return Database.inMemory();
    }

    /** Returns where volumes are, with none yet. */
    abstract Site site();

    /** Returns how long a step is tried again. */
    Duration operationTimeout() {
        return Duration.ofMillis(300);
    }

    /** Returns the way to ask. */
    abstract Volumes reach(VolumeOperations daemon);

    final VolumeOperations daemon() {
        return new VolumeOperations(
                database.ledger(),
                database.lease(PATIENCE).writes(epoch),
                new Backends(List.of(backend)),
                engine,
                operationTimeout());
    }

    @AfterEach
    final void end() {
        daemon.close();
        engine.crash();
        site.close();
        database.close();
    }

    final VolumeId create(String name) {
        return perform(new VolumeRequest.Create(name, sizeBytes, Optional.empty()))
                .volume();
    }

    final VolumeId create(String name, String context) {
        return perform(new VolumeRequest.Create(name, sizeBytes, Optional.of(context)))
                .volume();
    }

    /** Makes a volume that was attached once: before that, some back ends keep nothing that could be snapshotted. */
    final VolumeId used(String name, String context) {
        VolumeId id = create(name, context);
        attach(id, VolumeRequest.APPLIANCE);
        perform(new VolumeRequest.Detach(id));
        return id;
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
