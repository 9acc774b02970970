package io.migratekit.volume.daemon;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.http.HttpVolumes;
import io.migratekit.volume.ledger.DaemonLease;
import io.migratekit.volume.web.AccessToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the daemon by its lease, or starts one, and remembers it as long as it answers. A daemon whose process is dead,
 * or that is silent for too long, is none; one that lives and cannot be reached is told as such. Safe for many threads:
 * one searches, the others wait for what it finds.
 */
final class DaemonFinder {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonFinder.class);
    private static final long PAUSE_MILLIS = 100;

    /** Somebody else may have the port of a daemon that has just ended; after this many pauses it is no accident. */
    private static final int REFUSALS_MAX = 20;

    /** The first one may have met a daemon that was just ending. */
    private static final int LAUNCHES_MAX = 2;

    /** How a message of the program begins that ends it. */
    private static final String ERROR = "error: ";

    private final MigrateKitSettings settings;
    private final DaemonLease lease;
    private final Optional<DaemonLauncher> launcher;
    private final Duration patience;
    private @Nullable HttpVolumes known; // guarded by this

    /**
     * Makes one.
     *
     * @param lease tells which daemon lives
     * @param launcher starts a daemon where there is none; without it that is left to people
     * @param patience how long a daemon is waited for
     */
    DaemonFinder(MigrateKitSettings settings, DaemonLease lease, Optional<DaemonLauncher> launcher, Duration patience) {
        this.settings = settings;
        this.lease = lease;
        this.launcher = launcher;
        this.patience = patience;
    }

    /** Begins to look for a daemon, for one question. */
    Search search() {
        return new Search();
    }

    /** For one question, one time that all attempts share. */
    final class Search {
        private final long deadlineNanos = System.nanoTime() + patience.toNanos();
        private Optional<DaemonLauncher.Launch> launch = Optional.empty();
        private String seen = "none is running";
        private int refusals;
        private int launches;
        private @Nullable HttpVolumes candidate;

        private Search() {}

        /**
         * Returns a daemon that answered a moment ago.
         *
         * @throws VolumeException of kind UNAVAILABLE if there is none and none can be started in time, and REFUSED if it
         *     does not let this program in
         */
        HttpVolumes daemon() {
            synchronized (DaemonFinder.this) {
                HttpVolumes daemon = known;
                while (daemon == null) {
                    daemon = look();
                    known = daemon;
                }
                return daemon;
            }
        }

        /** Takes note that a daemon does not answer any more. */
        void lost(HttpVolumes daemon, VolumeException failure) {
            synchronized (DaemonFinder.this) {
                if (daemon.equals(known)) {
                    known = null;
                }
            }
            seen = failure.getMessage();
            pause();
        }

        private @Nullable HttpVolumes look() {
            Optional<DaemonLease.Holder> holder = lease.holder();
            if (holder.isEmpty()) {
                start();
                return null;
            }
            Optional<String> endpoint = holder.get().endpoint();
            if (endpoint.isEmpty()) {
                seen = "%s has not said yet where it listens".formatted(process(holder.get()));
                pause();
                return null;
            }
            return reach(holder.get(), endpoint.get());
        }

        /** Another database's daemon may have been given the port of one that is gone. */
        private @Nullable HttpVolumes reach(DaemonLease.Holder holder, String endpoint) {
            HttpVolumes daemon = candidate(endpoint);
            try {
                if (daemon.identity().epoch() == holder.epoch()) {
                    return daemon;
                }
                seen = "another daemon answers at %s than %s".formatted(endpoint, process(holder));
                pause();
            } catch (VolumeException e) {
                if (!HttpVolumes.lostContact(e) || (e.kind() == Kind.REFUSED && ++refusals > REFUSALS_MAX)) {
                    throw e;
                }
                seen = "%s says in the database that it lives, but cannot be reached from here: %s"
                        .formatted(process(holder), e.getMessage());
                pause();
            }
            return null;
        }

        /** One client for all attempts: each has threads of its own. */
        private HttpVolumes candidate(String endpoint) {
            HttpVolumes earlier = candidate;
            if (earlier != null && earlier.endpoint().equals(endpoint)) {
                return earlier;
            }
            HttpVolumes fresh = new HttpVolumes(endpoint, AccessToken.ofClient(RunningDaemon.tokenFile(settings)));
            candidate = fresh;
            return fresh;
        }

        private void start() {
            if (launcher.isEmpty()) {
                throw unavailable(
                        "none is running, and this program cannot start one; 'migratekit volume-daemon' does");
            }
            try {
                boolean alive =
                        launch.filter(started -> started.process().isAlive()).isPresent();
                if (!alive && launches == LAUNCHES_MAX) {
                    throw unavailable("process %d was started as one and ended at once%s; what it said is in %s"
                            .formatted(
                                    launch.get().process().pid(),
                                    lastError(launch.get().output()),
                                    launch.get().output()));
                }
                if (!alive) {
                    launches++;
                    launch = Optional.of(launcher.get().launch());
                    LOG.info(
                            "no volume daemon runs; process {} becomes one",
                            launch.get().process().pid());
                }
                seen = "process %d was started as one and is not ready yet; what it says is in %s"
                        .formatted(launch.get().process().pid(), launch.get().output());
            } catch (IOException e) {
                throw new VolumeException(
                        Kind.UNAVAILABLE, "the volume daemon cannot be started: " + e.getMessage(), e);
            }
            pause();
        }

        private void pause() {
            if (System.nanoTime() > deadlineNanos) {
                throw unavailable(seen);
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unavailable("interrupted while it was waited for");
            }
        }
    }

    private static String process(DaemonLease.Holder holder) {
        return "process %d on host %s"
                .formatted(holder.owner().pid(), holder.owner().host());
    }

    /** Returns why a daemon ended, as it told it itself, to go into a message. */
    private static String lastError(Path output) {
        try (Stream<String> lines = Files.lines(output)) {
            return lines.filter(line -> line.startsWith(ERROR))
                    .reduce((earlier, later) -> later)
                    .map(line -> " (%s)".formatted(line.substring(ERROR.length())))
                    .orElse("");
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("what the volume daemon said cannot be read", e);
            return "";
        }
    }

    private static VolumeException unavailable(String seen) {
        return new VolumeException(
                Kind.UNAVAILABLE,
                "the volume daemon cannot be asked: %s. 'volume-daemon' in a terminal of its own shows what is wrong"
                        .formatted(seen));
    }
}
