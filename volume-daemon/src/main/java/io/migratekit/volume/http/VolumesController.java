package io.migratekit.volume.http;

import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.web.bind.annotation.RestController;

/** Answers the API from this process's volumes. */
@RestController
final class VolumesController implements VolumesApi {
    /** Longer waits are asked for again: a thread of the server stands still for each. */
    static final long WAIT_MILLIS_MAX = 20_000;

    private static final long LOOK_MILLIS = 1000;

    private final Volumes volumes;
    private final DaemonIdentity identity;

    VolumesController(Volumes volumes, DaemonIdentity identity) {
        this.volumes = volumes;
        this.identity = identity;
    }

    @Override
    public DaemonIdentity daemon() {
        return identity;
    }

    @Override
    public Operation submit(Submission submission) {
        return volumes.submit(submission.key(), submission.request());
    }

    @Override
    public List<Operation> operations(Optional<VolumeId> volume, Optional<OperationStatus> status, int countMax) {
        return volumes.operations(new OperationFilter(volume, status, countMax));
    }

    @Override
    public Operation operation(OperationId id, long waitMillis) {
        long millis = Math.min(waitMillis, WAIT_MILLIS_MAX);
        if (millis <= 0) {
            return volumes.operation(id);
        }
        long deadlineNanos = System.nanoTime() + millis * 1_000_000;
        Operation now = volumes.await(id, Duration.ofMillis(millis));
        long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        while (!now.status().ended() && leftMillis > 0 && pause(leftMillis)) {
            now = volumes.operation(id);
            leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        }
        return now;
    }

    /** Where nobody works on an operation there is nothing to wait for; whoever asks would ask again at once, for ever. */
    private static boolean pause(long leftMillis) {
        try {
            Thread.sleep(Math.min(leftMillis, LOOK_MILLIS));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public List<Volume> volumes(Optional<String> context, Optional<String> devicePath) {
        if (devicePath.isPresent()) {
            return volumes.volumeAt(devicePath.get()).stream().toList();
        }
        return context.map(volumes::volumesOf).orElseGet(volumes::volumes);
    }

    @Override
    public Volume volume(VolumeId id) {
        return volumes.volume(id)
                .orElseThrow(() -> new VolumeException(
                        Kind.NO_SUCH_THING, "there is no volume %s; 'volume list' shows all".formatted(id)));
    }

    @Override
    public List<VolumeExport> exportsOf(VolumeId id) {
        return volumes.export(id).stream().toList();
    }

    @Override
    public List<VolumeExport> exports() {
        return volumes.exports();
    }

    @Override
    public List<SnapshotSet> snapshotSets(String context) {
        return volumes.snapshotSets(context);
    }

    @Override
    public List<Difference> reconcile(boolean repair) {
        return volumes.reconcile(repair);
    }

    @Override
    public DaemonHealth health() {
        return volumes.health();
    }
}
