package io.migratekit.shell.volume;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.job.JobException;
import io.migratekit.job.ledger.Machine;
import io.migratekit.shell.command.Commands;
import io.migratekit.shell.command.MigratedMemory;
import io.migratekit.shell.command.TypedLines;
import io.migratekit.sql.DatabaseClock;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonConfiguration;
import io.migratekit.volume.daemon.DaemonStart;
import io.migratekit.volume.daemon.RunningDaemon;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The commands on volumes over a real daemon in this process, with a database in memory and a pool in a folder. */
final class VolumeConsole implements AutoCloseable {
    /** The one VM that there is. */
    static final Machine WEB01 = new Machine(
            "ctx-web01",
            "web01",
            Machine.Kind.VM,
            "discovered",
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            List.of());

    private final MigratedMemory database;
    private final AnnotationConfigApplicationContext context;
    private final RunningDaemon daemon;
    private final Commands commands;

    private VolumeConsole(MigratedMemory database, AnnotationConfigApplicationContext context, RunningDaemon daemon) {
        this.database = database;
        this.context = context;
        this.daemon = daemon;
        this.commands = new Commands(VolumeCommands.with(new VolumeNames(daemon::volumes, new OneVm())));
    }

    /**
     * Opens it.
     *
     * @param engine what serves exports
     */
    static VolumeConsole open(Path home, String engine) {
        return open(home, Map.of("migratekit.volumes.engine", engine, "migratekit.volumes.port", "0"));
    }

    static VolumeConsole open(Path home, Map<String, String> changed) {
        Map<String, String> settings =
                new HashMap<>(Map.of("migratekit.home", home.toString(), "migratekit.volumes.reserve", "0"));
        settings.putAll(changed);
        MigratedMemory database = MigratedMemory.make();
        AnnotationConfigApplicationContext context = database.context(settings);
        context.registerBean(DatabaseClock.class, () -> System::currentTimeMillis);
        context.registerBean(ProcessIdentity.class, ProcessIdentity::current);
        context.register(DaemonConfiguration.class);
        context.refresh();
        try {
            RunningDaemon daemon = context.getBean(DaemonStart.class).start(DaemonStart.Origin.ASKED_FOR);
            return new VolumeConsole(database, context, daemon);
        } catch (RuntimeException e) {
            context.close();
            database.close();
            throw e;
        }
    }

    TypedLines lines() {
        return new TypedLines(commands);
    }

    Commands commands() {
        return commands;
    }

    Volumes volumes() {
        return daemon.volumes();
    }

    RunningDaemon daemon() {
        return daemon;
    }

    /** Lets the ledger forget a volume that stays in the pool. */
    VolumeId strange(String name) {
        VolumeId id = volumes().volumes().stream()
                .filter(volume -> volume.name().equals(name))
                .map(Volume::id)
                .findFirst()
                .orElseThrow();
        context.getBean(JdbcClient.class)
                .sql("DELETE FROM ossea_volumes WHERE volume_id = ?")
                .param(id.text())
                .update();
        return id;
    }

    @Override
    public void close() {
        daemon.close();
        context.close();
        database.close();
    }

    private static final class OneVm implements VolumeNames.Vms {
        @Override
        public Machine show(String name) {
            if (!name.equals(WEB01.name())) {
                throw new JobException.NoSuch("there is no VM '%s'; add one with 'vm add'".formatted(name));
            }
            return WEB01;
        }

        @Override
        public List<Machine> list() {
            return List.of(WEB01);
        }
    }
}
