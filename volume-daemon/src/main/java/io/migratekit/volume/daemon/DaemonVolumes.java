package io.migratekit.volume.daemon;

import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.http.HttpVolumes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The volumes of the database's daemon, wherever it runs. The first question finds it, or starts it; a question whose
 * answer is lost because the daemon ends is asked again of the next one, which every question allows. Nothing happens
 * before the first question. Safe for many threads.
 */
public final class DaemonVolumes implements Volumes {
    /** A wait is handed over to the next daemon after at most this long. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(15);

    private final DaemonFinder finder;

    DaemonVolumes(DaemonFinder finder) {
        this.finder = finder;
    }

    @Override
    public Operation submit(String key, VolumeRequest request) {
        return ask(daemon -> daemon.submit(key, request));
    }

    @Override
    public Operation operation(OperationId id) {
        return ask(daemon -> daemon.operation(id));
    }

    @Override
    public List<Operation> operations(OperationFilter filter) {
        return ask(daemon -> daemon.operations(filter));
    }

    @Override
    public Operation await(OperationId id, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            Duration wait = left.compareTo(WAIT_MAX) < 0 ? left : WAIT_MAX;
            Operation now = ask(daemon -> daemon.await(id, wait));
            if (now.status().ended() || System.nanoTime() >= deadlineNanos) {
                return now;
            }
        }
    }

    @Override
    public List<Volume> volumes() {
        return ask(Volumes::volumes);
    }

    @Override
    public Optional<Volume> volume(VolumeId id) {
        return ask(daemon -> daemon.volume(id));
    }

    @Override
    public List<Volume> volumesOf(String context) {
        return ask(daemon -> daemon.volumesOf(context));
    }

    @Override
    public Optional<Volume> volumeAt(String devicePath) {
        return ask(daemon -> daemon.volumeAt(devicePath));
    }

    @Override
    public List<VolumeExport> exports() {
        return ask(Volumes::exports);
    }

    @Override
    public Optional<VolumeExport> export(VolumeId id) {
        return ask(daemon -> daemon.export(id));
    }

    @Override
    public List<SnapshotSet> snapshotSets(String context) {
        return ask(daemon -> daemon.snapshotSets(context));
    }

    @Override
    public List<Difference> reconcile(boolean repair) {
        return ask(daemon -> daemon.reconcile(repair));
    }

    @Override
    public DaemonHealth health() {
        return ask(Volumes::health);
    }

    private <T> T ask(Function<Volumes, T> question) {
        DaemonFinder.Search search = finder.search();
        while (true) {
            HttpVolumes daemon = search.daemon();
            try {
                return question.apply(daemon);
            } catch (VolumeException e) {
                if (!HttpVolumes.lostContact(e)) {
                    throw e;
                }
                search.lost(daemon, e);
            }
        }
    }
}
