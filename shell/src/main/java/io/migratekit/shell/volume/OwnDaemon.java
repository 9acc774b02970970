package io.migratekit.shell.volume;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.home.OwnProcess;
import io.migratekit.shell.home.Report;
import io.migratekit.volume.daemon.DaemonLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Starts this program's {@code volume-daemon} as a process that outlives the command that needs it. */
public final class OwnDaemon implements DaemonLauncher {
    private final Home home;

    public OwnDaemon(Home home) {
        this.home = home;
    }

    @Override
    public Launch launch() throws IOException {
        Path output = home.logs().resolve("volume-daemon.log");
        Process process = OwnProcess.detached(
                home, List.of("volume-daemon", "--automatic"), output, new Report(Optional.empty()));
        return new Launch(process.toHandle(), output);
    }
}
