package io.migratekit.volume.operation;

import io.migratekit.volume.OperationId;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSet.State;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a volume of every snapshot of a set; if one cannot be had, those that were made are deleted again. */
final class CloneVolumes implements Procedure {
    private final Workshop workshop;
    private final OperationId operation;
    private final SnapshotSetId set;
    private final String context;
    private final List<VolumeId> originals;

    CloneVolumes(
            Workshop workshop, OperationId operation, VolumeRequest.CloneSnapshots request, List<VolumeId> originals) {
        this.workshop = workshop;
        this.operation = operation;
        this.set = request.set();
        this.context = request.context();
        this.originals = List.copyOf(originals);
    }

    @Override
    public Set<String> alone() {
        Set<String> keys = new LinkedHashSet<>();
        keys.add(Workshop.key(set));
        keys.add(Workshop.contextKey(context));
        originals.forEach(id -> keys.add(Workshop.key(id)));
        return keys;
    }

    @Override
    public void check() {
        SnapshotSet found = workshop.set(set);
        if (found.state() != State.READY) {
            throw Workshop.refused("snapshot set %s is %s, so it cannot be cloned".formatted(set, found.state()));
        }
        Map<VolumeBackend, Long> needed = originals.stream()
                .map(workshop::volume)
                .collect(Collectors.groupingBy(workshop.backends()::of, Collectors.summingLong(Volume::sizeBytes)));
        needed.forEach(VolumeBackend::checkRoom); // for all of them, or the last one would find too little
    }

    @Override
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < originals.size(); i++) {
            steps.add(new Clone(originals.get(i), CreateVolume.mark(operation, i)));
        }
        return steps;
    }

    private final class Clone implements Step {
        private static final String VOLUME = "volume";
        private static final String NAME = "name";
        private static final String BYTES = "bytes";

        private final VolumeId original;
        private final Mark mark;

        Clone(VolumeId original, Mark mark) {
            this.original = original;
            this.mark = mark;
        }

        @Override
        public String name() {
            return "clone volume " + original;
        }

        @Override
        public void run(StepMemory memory) {
            String name = "%s (clone %s)"
                    .formatted(workshop.volume(original).name(), mark.text().substring(0, 8));
            BackendVolume made = backend().cloneSnapshot(original, set, mark, name, memory);
            memory.put(NAME, name);
            memory.put(BYTES, Long.toString(made.sizeBytes()));
            memory.put(VOLUME, made.id().text());
        }

        @Override
        public void record(StepMemory memory) {
            VolumeId id = new VolumeId(memory.get(VOLUME).orElseThrow());
            workshop.ledger()
                    .volumes()
                    .add(
                            id,
                            memory.get(NAME).orElseThrow(),
                            Optional.of(context),
                            backend().name(),
                            Long.parseLong(memory.get(BYTES).orElseThrow()),
                            Optional.of(set));
        }

        @Override
        public void undo(StepMemory memory) {
            backend().discard(mark, memory);
        }

        @Override
        public void recordUndo(StepMemory memory) {
            memory.get(VOLUME).map(VolumeId::new).ifPresent(workshop.ledger().volumes()::remove);
        }

        private VolumeBackend backend() {
            return workshop.backend(original);
        }
    }
}
