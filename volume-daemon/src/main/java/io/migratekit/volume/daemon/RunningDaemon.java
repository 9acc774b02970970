package io.migratekit.volume.daemon;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.VolumeDaemon;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import io.migratekit.volume.export.ExportEngine;
import io.migratekit.volume.export.ExportEngines;
import io.migratekit.volume.http.DaemonIdentity;
import io.migratekit.volume.http.Visits;
import io.migratekit.volume.http.VolumesServer;
import io.migratekit.volume.ledger.DaemonLease;
import io.migratekit.volume.operation.Ledger;
import io.migratekit.volume.operation.VolumeOperations;
import io.migratekit.volume.web.AccessToken;
import io.migratekit.volume.web.WebServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon of a database while it runs. Its end leaves operations where they are for the next one; exports of the
 * qemu engine go on without it, those of the embedded one come back with the next daemon.
 */
public final class RunningDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningDaemon.class);

    /** An export that is lost is served again after about this long. */
    private static final Duration WATCH_INTERVAL_MAX = Duration.ofSeconds(2);

    private final MigrateKitSettings settings;
    private final ExportEngines engines;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Visits visits = new Visits();

    /** What has to be closed, the last one first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>(); // guarded by this

    private final DaemonLease lease;
    private final long epoch;
    private final Ledger ledger;
    private final VolumeOperations operations;
    private final ExportEngine engine;
    private final String endpoint;

    /** Why a daemon ends. */
    public enum End {
        /** Somebody ended it. */
        ASKED,
        /** It was started for a command, and nobody needs it any more. */
        IDLE,
        /** Another daemon has taken over, or the database was away for too long. */
        LEASE_LOST
    }

    private RunningDaemon(
            MigrateKitSettings settings,
            DaemonDatabase database,
            BackendSource source,
            ExportEngines engines,
            Origin origin) {
        this.settings = settings;
        this.engines = engines;
        VolumeDaemon volumes = settings.volumes();
        try {
            AccessToken token = AccessToken.ofServer(tokenFile(settings));
            lease = database.lease(volumes.timeout());
            epoch = lease.acquire(Optional.empty());
            open.push(() -> lease.release(epoch));
            Keeper keeper =
                    Keeper.start(lease, epoch, volumes.heartbeat(), volumes.timeout(), () -> end(End.LEASE_LOST));
            open.push(keeper);
            String installationId = database.installationId();
            OpenBackends backends = OpenBackends.open(settings, installationId, source);
            open.push(backends);
            engine = engines.choose(volumes.engine());
            open.push(this::stopServing);
            ledger = database.ledger();
            operations = new VolumeOperations(
                    ledger, lease.writes(epoch), backends.backends(), engine, volumes.operationTimeout());
            open.push(operations);
            int unfinished = operations.recover();
            DaemonIdentity identity = new DaemonIdentity(
                    installationId, epoch, ProcessHandle.current().pid());
            FreeSpace space = new FreeSpace(backends.backends());
            open.push(space);
            DaemonMeasures measures = new DaemonMeasures(ledger, space, operations, engine, keeper);
            VolumesServer server =
                    listen(new VolumesServer.Served(operations, identity, measures, token, visits), origin);
            open.push(server);
            endpoint = "http://%s:%d".formatted(reachable(database.self().host()), server.port());
            lease.publish(epoch, endpoint);
            open.push(Watch.start(
                    watchInterval(),
                    origin == Origin.AUTOMATIC
                            ? List.of(operations::restoreExports, this::endIfIdle)
                            : List.of(operations::restoreExports)));
            operations.compareInBackground();
            LOG.info("the volume daemon answers at {}, epoch {}, {} operations go on", endpoint, epoch, unfinished);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    static RunningDaemon start(
            MigrateKitSettings settings,
            DaemonDatabase database,
            BackendSource source,
            ExportEngines engines,
            Origin origin) {
        return new RunningDaemon(settings, database, source, engines, origin);
    }

    /** Returns the file of the token that lets clients in. */
    static Path tokenFile(MigrateKitSettings settings) {
        return settings.volumes()
                .tokenFile()
                .orElseGet(() -> settings.home().resolve("volume-daemon.token"))
                .toAbsolutePath();
    }

    /** Returns where its HTTP API is. */
    public String endpoint() {
        return endpoint;
    }

    /** Returns its volumes, without HTTP in between. */
    public Volumes volumes() {
        return operations;
    }

    /** Returns why it has to be closed, as soon as it has to. */
    public CompletableFuture<End> end() {
        return end.copy();
    }

    /** Asks for its end; {@link #end} tells whoever has to close it. */
    public void stop() {
        end(End.ASKED);
    }

    /** Ends it, after the steps that are under way. May be called again. */
    @Override
    public void close() {
        end(End.ASKED);
        closeAll();
    }

    private void end(End why) {
        end.complete(why);
    }

    private synchronized void closeAll() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("the volume daemon did not end cleanly", e);
            }
        }
    }

    /** Where nothing is exported, nobody needs the process that would serve it; else it goes on. */
    private void stopServing() {
        boolean ours = end.getNow(End.ASKED) != End.LEASE_LOST;
        boolean needed = !engine.names().isEmpty();
        engine.close();
        if (ours && !needed) {
            engines.stop();
        }
    }

    private Duration watchInterval() {
        Duration half = settings.volumes().idle().dividedBy(2);
        return half.compareTo(WATCH_INTERVAL_MAX) < 0 ? half : WATCH_INTERVAL_MAX;
    }

    private void endIfIdle() {
        boolean idle = visits.silentNanos() > settings.volumes().idle().toNanos()
                && operations.underWay() == 0
                && ledger.exports().open().isEmpty()
                && engine.clients() == 0;
        if (idle) {
            LOG.info(
                    "nobody has needed the volume daemon for {} s; it ends",
                    settings.volumes().idle().toSeconds());
            end(End.IDLE);
        }
    }

    /** Who starts it for a command does not care about its port, which another home's daemon may have. */
    private VolumesServer listen(VolumesServer.Served served, Origin origin) {
        VolumeDaemon volumes = settings.volumes();
        try {
            return VolumesServer.start(new WebServer.Place(volumes.address(), volumes.port()), served);
        } catch (VolumeException e) {
            if (origin == Origin.ASKED_FOR || e.kind() != Kind.BUSY) {
                throw e;
            }
            LOG.info("{}; the system chooses another one", e.getMessage());
            return VolumesServer.start(new WebServer.Place(volumes.address(), 0), served);
        }
    }

    /** Others cannot connect to "all interfaces"; a host is known to them by its name. */
    private String reachable(String host) {
        String address = settings.volumes().address();
        if (address.equals("0.0.0.0") || address.equals("::")) {
            return host;
        }
        return address.contains(":") ? "[" + address + "]" : address;
    }
}
