package io.migratekit.volume.daemon;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.ledger.JournalWrites;
import io.migratekit.volume.ledger.PoolLedger;
import io.migratekit.volume.ledger.VolumeLedger;
import io.migratekit.volume.local.LocalBackend;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Sees to it that the local pool is the one that the volumes of the database are kept in. In an empty folder every volume
 * would seem to be gone: deletions would succeed, and what is written would vanish under the file system that is mounted
 * later.
 */
final class LocalPool {
    private final PoolLedger pools;
    private final VolumeLedger volumes;
    private final JournalWrites writes;

    LocalPool(PoolLedger pools, VolumeLedger volumes, JournalWrites writes) {
        this.pools = pools;
        this.volumes = volumes;
        this.writes = writes;
    }

    /**
     * Checks it, and takes an unknown pool into use where nothing can be lost: no volume is kept in another one.
     *
     * @throws VolumeException of kind UNAVAILABLE if it is another one
     */
    void check(LocalBackend local) {
        Optional<String> known = pools.poolOf(local.name());
        Optional<String> there = local.poolId();
        if (known.isPresent() && known.equals(there)) {
            return;
        }
        List<Volume> kept = volumes.all().stream()
                .filter(volume -> volume.backend().equals(local.name()))
                .toList();
        boolean usedBefore = known.isEmpty() && kept.stream().anyMatch(volume -> isThere(local, volume));
        if (!kept.isEmpty() && !usedBefore) {
            throw another(local, kept.size(), known);
        }
        String id = there.orElseGet(() -> UUID.randomUUID().toString());
        if (there.isEmpty()) {
            local.mark(id);
        }
        writes.run(() -> pools.use(local.name(), id));
    }

    private static boolean isThere(LocalBackend local, Volume volume) {
        try {
            return local.find(volume.id()).isPresent();
        } catch (VolumeException e) {
            return e.kind() == Kind.FAILED; // it is damaged, and there
        }
    }

    private static VolumeException another(LocalBackend local, int count, Optional<String> known) {
        String mark = known.map(
                        id -> "; if the pool was put back from a backup without its file '.pool', write %s into it"
                                .formatted(id))
                .orElse("");
        return new VolumeException(
                Kind.UNAVAILABLE,
                "%s is not the pool that the %d local volumes of this database are kept in: mount its file system, or start the daemon on the machine that has it, or set migratekit.volumes.pool%s"
                        .formatted(local.folder(), count, mark));
    }
}
