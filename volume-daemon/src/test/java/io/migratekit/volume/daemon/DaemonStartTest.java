package io.migratekit.volume.daemon;

import java.nio.file.Path;
import java.util.Map;

final class DaemonStartTest extends DaemonStartContract {
    @Override
    DaemonRoom room(Path home) {
        return DaemonRoom.open(home, Map.of());
    }
}
