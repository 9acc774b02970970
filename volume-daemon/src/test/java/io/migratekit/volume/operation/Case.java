package io.migratekit.volume.operation;

import io.migratekit.volume.Operation;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** An operation that a daemon may be cut off in: what must be there before it, and how to ask for it. */
enum Case {
    CREATE,
    ATTACH,
    ATTACH_ROOT,
    DETACH,
    DELETE,
    RESIZE,
    SNAPSHOT,
    REVERT,
    DELETE_SNAPSHOTS,
    CLONE,
    EXPORT,
    EXPORT_AGAIN,
    UNEXPORT;

    static final long SIZE_BYTES = 1 << 20;
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Where a volume's content, one word, is written. */
    interface Content {
        void write(VolumeId id, String word);
    }

    /** Makes what must be there: volumes "one", which holds a word, and "two" of VM "ctx"; returns what is asked then. */
    VolumeRequest prepare(Volumes volumes, Content content) {
        if (this == CREATE) {
            return new VolumeRequest.Create("one", SIZE_BYTES, Optional.of("ctx"));
        }
        VolumeId one = perform(volumes, new VolumeRequest.Create("one", SIZE_BYTES, Optional.of("ctx")))
                .volume();
        perform(volumes, new VolumeRequest.Create("two", SIZE_BYTES, Optional.of("ctx")));
        content.write(one, "before");
        return switch (this) {
            case CREATE -> throw new IllegalStateException();
            case ATTACH -> new VolumeRequest.Attach(one, VolumeRequest.APPLIANCE, false);
            case ATTACH_ROOT -> new VolumeRequest.Attach(one, "vm-7", true);
            case DELETE -> new VolumeRequest.Delete(one);
            case RESIZE -> new VolumeRequest.Resize(one, 2 * SIZE_BYTES);
            case SNAPSHOT -> new VolumeRequest.Snapshot("ctx");
            case DETACH, EXPORT, EXPORT_AGAIN, UNEXPORT -> attached(volumes, one);
            case REVERT, DELETE_SNAPSHOTS, CLONE -> snapshotted(volumes, content, one);
        };
    }

    /** Returns how many volumes are there once it has happened. */
    int volumesAfter() {
        return this == CREATE || this == DELETE ? 1 : this == CLONE ? 4 : 2;
    }

    private VolumeRequest attached(Volumes volumes, VolumeId one) {
        perform(volumes, new VolumeRequest.Attach(one, VolumeRequest.APPLIANCE, false));
        if (this == EXPORT_AGAIN || this == UNEXPORT) {
            perform(volumes, new VolumeRequest.Export(one, false));
        }
        if (this == DETACH) {
            return new VolumeRequest.Detach(one);
        }
        return this == UNEXPORT ? new VolumeRequest.Unexport(one) : new VolumeRequest.Export(one, false);
    }

    private VolumeRequest snapshotted(Volumes volumes, Content content, VolumeId one) {
        perform(volumes, new VolumeRequest.Snapshot("ctx"));
        content.write(one, "after");
        SnapshotSetId set = volumes.snapshotSets("ctx").get(0).id();
        if (this == REVERT) {
            return new VolumeRequest.Revert(set);
        }
        return this == CLONE ? new VolumeRequest.CloneSnapshots(set, "test") : new VolumeRequest.DeleteSnapshots(set);
    }

    private static Operation perform(Volumes volumes, VolumeRequest request) {
        return volumes.perform(UUID.randomUUID().toString(), request, PATIENCE);
    }
}
