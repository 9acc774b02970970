package io.migratekit.volume.operation;

import io.migratekit.volume.Volumes;

final class ManyHandsTest extends SetTurnsContract {
    @Override
    Volumes reach(VolumeOperations daemon) {
        return daemon;
    }
}
