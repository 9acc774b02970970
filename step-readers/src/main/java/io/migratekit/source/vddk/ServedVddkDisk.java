package io.migratekit.source.vddk;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.SourceException;
import io.migratekit.source.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A disk served by an nbdkit of its own on a private socket, until it is closed. The URI stays the same: an nbdkit that
 * dies or falls silent is ended and started again behind it, so a client only has to connect again. For any thread.
 *
 * <p>One thread, the keeper, starts each nbdkit and stays with it: Linux ends an nbdkit that is started with {@code
 * --exit-with-parent} together with the thread that started it.
 */
public final class ServedVddkDisk implements DiskAccess {
    private static final Logger LOG = LoggerFactory.getLogger(ServedVddkDisk.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    /** An nbdkit that lived longer did not die of its start. */
    private static final long LIVED_NANOS = Duration.ofSeconds(30).toNanos();

    private final NbdkitLaunch launch;
    private final NbdUri uri;
    private final Upstream upstream;
    private final Thread keeper;
    private @Nullable Nbdkit running; // guarded by this
    private @Nullable SourceException failure; // guarded by this: of the latest start
    private @Nullable Nbdkit condemned; // guarded by this: to be replaced, although it runs
    private boolean wanted; // guarded by this: somebody waits for a start
    private boolean closed; // guarded by this

    ServedVddkDisk(NbdkitLaunch launch, Duration patience) {
        this.launch = launch;
        this.upstream = new VddkUpstream(launch.explanation(), launch.secret(), patience, this::serving);
        this.uri = NbdUri.unix(launch.folder().socket(), "");
        this.keeper = new Thread(this::keep, "vddk-keeper-" + launch.disk().machine());
        keeper.setDaemon(true);
    }

    void start() {
        keeper.start();
    }

    /** Returns where to read, whether or not anybody serves it at the moment. */
    @Override
    public NbdUri uri() {
        return uri;
    }

    /** Returns how many connections a copy may open to this disk; more would overload the host, and some more are refused. */
    @Override
    public int connectionsMax() {
        return launch.settings().connections();
    }

    /**
     * Makes sure that the disk can be read: reads its beginning, and replaces an nbdkit that died or does not answer. To
     * be called by whoever lost the connection and does not want to wait until that is noticed here.
     *
     * @return where to read, the same as {@link #uri}
     * @throws SourceException.NotFound if VDDK finds no such snapshot or disk
     * @throws SourceException.Unavailable with what nbdkit said and what to do, if it cannot be opened now
     */
    public NbdUri open() throws SourceException {
        for (boolean again = false; ; again = true) {
            Nbdkit nbdkit = awaitRunning();
            long mark = nbdkit.output().mark();
            try {
                nbdkit.tryRead();
                return uri;
            } catch (NbdException.Refused e) {
                throw explained(nbdkit, mark, e); // it answers, so another one would say the same
            } catch (NbdException e) {
                SourceException explained = explained(nbdkit, mark, e);
                condemn(nbdkit);
                if (again || KnownFailure.in(nbdkit.output().since(mark)).isPresent()) {
                    throw explained;
                }
                LOG.warn("{}; nbdkit is started again", explained.getMessage());
            }
        }
    }

    /** Returns the vCenter and the hosts, which nbdkit tells of. */
    @Override
    public Upstream upstream() {
        return upstream;
    }

    /** Returns the process that serves now. */
    Optional<Long> pid() {
        return serving().map(Nbdkit::pid);
    }

    private synchronized Optional<Nbdkit> serving() {
        return Optional.ofNullable(running);
    }

    private SourceException explained(Nbdkit nbdkit, long mark, NbdException e) {
        List<String> printed = new ArrayList<>(nbdkit.output().since(mark));
        if (e instanceof NbdException.Refused) {
            printed.add(e.getMessage()); // in the words of the plugin
        }
        return launch.explanation().because("nbdkit %s: %s".formatted(nbdkit.exit(), e.getMessage()), printed);
    }

    private synchronized Nbdkit awaitRunning() throws SourceException {
        failure = null;
        while (!closed) {
            Nbdkit nbdkit = running;
            SourceException failed = failure;
            if (nbdkit != null && nbdkit != condemned) {
                return nbdkit;
            }
            if (failed != null) {
                throw failed;
            }
            wanted = true;
            notifyAll();
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw launch.explanation().because("the wait for nbdkit was interrupted", List.of());
            }
        }
        throw launch.explanation().because("nbdkit was ended, as the disk is closed", List.of());
    }

    /** Ends it here, as the keeper may just wait for its answer. */
    private void condemn(Nbdkit nbdkit) {
        synchronized (this) {
            condemned = nbdkit;
        }
        nbdkit.close();
    }

    /** The keeper's life. */
    private void keep() {
        int deaths = 0;
        while (!closed()) {
            long startNanos = System.nanoTime();
            try (Nbdkit nbdkit = launch.start()) {
                nbdkit.whenEnded(this::wake);
                publish(nbdkit, null);
                watch(nbdkit);
                publish(null, null);
                if (!closed()) {
                    LOG.warn(
                            "nbdkit for {} {} and is started again; it said: {}",
                            launch.disk(),
                            nbdkit.exit(),
                            nbdkit.output().lastWords().orElse("nothing"));
                }
            } catch (SourceException e) {
                LOG.warn("{}", e.getMessage());
                publish(null, e);
            } catch (RuntimeException e) {
                LOG.error("nbdkit for {} cannot be watched", launch.disk(), e);
                publish(
                        null,
                        launch.explanation()
                                .notStarted(launch.settings().plugin().nbdkit(), e));
            }
            deaths = System.nanoTime() - startNanos > LIVED_NANOS ? 1 : deaths + 1;
            pause(deaths);
        }
        launch.folder().remove();
        launch.guard().close();
    }

    private synchronized void publish(@Nullable Nbdkit nbdkit, @Nullable SourceException e) {
        running = nbdkit;
        condemned = null;
        failure = e;
        wanted = wanted && nbdkit == null && e == null;
        notifyAll();
    }

    /** Returns when nbdkit died, fell silent, was refused, is to be replaced, or is not needed any more. */
    private void watch(Nbdkit nbdkit) {
        while (needed(nbdkit)) {
            if (!nbdkit.answers() && nbdkit.alive()) {
                LOG.warn(
                        "nbdkit for {} (process {}) does not answer any more; it is killed",
                        launch.disk(),
                        nbdkit.pid());
                nbdkit.kill();
                return;
            }
        }
    }

    /** Waits as long as nbdkit may be silent; returns whether it still is the right one then. */
    private boolean needed(Nbdkit nbdkit) {
        return !happens(
                () -> !nbdkit.alive() || nbdkit.isRefused() || condemned == nbdkit,
                launch.settings().silenceMax().toMillis());
    }

    /** Waits longer after each death, unless somebody needs the disk now. */
    private void pause(int deaths) {
        happens(() -> wanted, Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(deaths - 1, 16)));
    }

    /** Waits for a change at most so long; tells whether it came, or the disk was closed. For the keeper only. */
    private synchronized boolean happens(BooleanSupplier change, long millis) {
        long untilNanos = System.nanoTime() + millis * 1_000_000;
        while (!closed && !change.getAsBoolean()) {
            long leftMillis = (untilNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                closed = true; // nobody interrupts the keeper but to end it
            }
        }
        return true;
    }

    private synchronized boolean closed() {
        return closed;
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** Ends nbdkit and removes socket and folder; returns when they are gone. */
    @Override
    public void close() {
        Nbdkit nbdkit;
        synchronized (this) {
            closed = true;
            nbdkit = running;
            notifyAll();
        }
        if (nbdkit != null) {
            nbdkit.close(); // the keeper may just wait for its answer
        } else {
            keeper.interrupt(); // or for its start
        }
        joinKeeper();
    }

    private void joinKeeper() {
        boolean interrupted = Thread.interrupted();
        while (keeper.isAlive()) {
            try {
                keeper.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
