package io.migratekit.volume.daemon;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.export.ExportEngines;

/** Starts the volume daemon in this process. */
public final class DaemonStart {
    private final MigrateKitSettings settings;
    private final DaemonDatabase database;
    private final BackendSource source;

    public DaemonStart(MigrateKitSettings settings, DaemonDatabase database, BackendSource source) {
        this.settings = settings;
        this.database = database;
        this.source = source;
    }

    /** Who wanted it. */
    public enum Origin {
        /** A person or the system's service manager: it runs until it is ended. */
        ASKED_FOR,
        /** A command that needed it: it ends itself when nobody has needed it for a while. */
        AUTOMATIC
    }

    /**
     * Becomes the daemon of the database: takes up what an earlier one left and answers over HTTP when this returns.
     *
     * @throws VolumeException of kind BUSY if another daemon lives, or its port is taken; of other kinds with what has to
     *     be put right
     */
    public RunningDaemon start(Origin origin) {
        ExportEngines engines =
                ExportEngines.of(settings.volumes(), settings.home().resolve("exports"));
        return RunningDaemon.start(settings, database, source, engines, origin);
    }
}
