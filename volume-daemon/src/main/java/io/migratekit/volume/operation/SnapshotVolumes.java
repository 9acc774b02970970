package io.migratekit.volume.operation;

import io.migratekit.volume.OperationId;
import io.migratekit.volume.SnapshotSet.State;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Takes a snapshot of every volume of a VM; if one cannot be had, those that were taken are removed again. */
final class SnapshotVolumes implements Procedure {
    private final Workshop workshop;
    private final OperationId operation;
    private final SnapshotSetId set;
    private final String context;

    /** Those of the journal; until the first step has begun, those that were known when somebody looked last. */
    private volatile List<VolumeId> volumes;

    SnapshotVolumes(
            Workshop workshop,
            OperationId operation,
            SnapshotSetId set,
            VolumeRequest.Snapshot request,
            List<VolumeId> volumes) {
        this.workshop = workshop;
        this.operation = operation;
        this.set = set;
        this.context = request.context();
        this.volumes = List.copyOf(volumes);
    }

    @Override
    public Set<String> alone() {
        Set<String> keys = new LinkedHashSet<>();
        keys.add(Workshop.contextKey(context));
        keys.add(Workshop.key(set));
        keys.addAll(volumeKeys());
        return keys;
    }

    private Set<String> volumeKeys() {
        return volumes.stream().map(Workshop::key).collect(Collectors.toSet());
    }

    /** What was ahead of it may have made volumes of the VM, or deleted some; the VM's key keeps others from doing so. */
    @Override
    public void settle(Consumer<Set<String>> widening) {
        volumes = now();
        widening.accept(volumeKeys());
        volumes = now(); // what it waited for may have been the end of one
    }

    private List<VolumeId> now() {
        return workshop.ledger().volumes().of(context).stream().map(Volume::id).toList();
    }

    @Override
    public void recordSettled() {
        workshop.ledger().operations().volumes(operation, volumes);
    }

    @Override
    public void check() {
        if (volumes.isEmpty()) {
            throw new VolumeException(
                    Kind.NO_SUCH_THING, "VM %s has no volumes, so there is nothing to snapshot".formatted(context));
        }
        List<Volume> found = volumes.stream().map(workshop::volume).toList();
        for (Volume volume : found) {
            workshop.refuseBroken(volume);
            workshop.refuseExported(volume, "snapshotted");
            workshop.refuseElsewhere(volume, "snapshotted");
        }
        Map<VolumeBackend, List<Volume>> byBackend =
                found.stream().collect(Collectors.groupingBy(workshop.backends()::of));
        byBackend.forEach((backend, of) -> {
            checkServed(backend);
            backend.checkSnapshots(of.stream().map(Volume::id).toList());
        });
    }

    /** A volume that goes on in an image that nobody can serve could not be replicated to until the set is dropped. */
    private void checkServed(VolumeBackend backend) {
        if (!workshop.engine().serves(backend.formatAfterSnapshot())) {
            throw Workshop.refused(
                    "VM %s cannot be snapshotted: with a snapshot, volumes of back end '%s' go on in %s images, which export engine '%s' cannot open; install qemu-storage-daemon (apt-get install qemu-system-common) and leave migratekit.volumes.engine at auto"
                            .formatted(
                                    context,
                                    backend.name(),
                                    backend.formatAfterSnapshot(),
                                    workshop.engine().name()));
        }
    }

    @Override
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(new Begin());
        volumes.forEach(id -> steps.add(new Take(id)));
        steps.add(new SetState(workshop.ledger().snapshots(), set, State.READY, State.CREATING));
        return steps;
    }

    private final class Begin implements Step {
        @Override
        public String name() {
            return "begin snapshot set " + set;
        }

        @Override
        public void run(StepMemory memory) {}

        @Override
        public void record(StepMemory memory) {
            workshop.ledger().snapshots().begin(set, context, volumes);
        }

        @Override
        public void recordUndo(StepMemory memory) {
            workshop.ledger().snapshots().remove(set);
        }
    }

    private final class Take extends SetVolume {
        Take(VolumeId id) {
            super(workshop, id);
        }

        @Override
        public String name() {
            return "snapshot volume " + id();
        }

        @Override
        void change(VolumeBackend backend, VolumeId volume, StepMemory memory) {
            backend.snapshot(volume, set, memory);
        }

        @Override
        public void undo(StepMemory memory) {
            backend().deleteSnapshot(id(), set, memory);
            noteDevice(memory);
        }
    }
}
