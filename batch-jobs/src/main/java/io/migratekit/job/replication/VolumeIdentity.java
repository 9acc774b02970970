package io.migratekit.job.replication;

import io.migratekit.volume.Volume;

/**
 * Tells whether a volume can still hold what a job wrote to it: its identity is another one after its content changed
 * behind the jobs' backs, as the volume daemon has written down. Incremental replications go on from what a target held
 * last, so neither a restore point nor a cursor may outlive that.
 */
final class VolumeIdentity {
    private VolumeIdentity() {}

    /** Returns it, at most 100 characters. To be asked while an export of a job holds such changes off. */
    static String of(Volume volume) {
        return volume.generation() == 0
                ? "volume " + volume.id()
                : "volume %s of generation %d".formatted(volume.id(), volume.generation());
    }
}
