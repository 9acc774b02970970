package io.migratekit.volume.operation;

import io.migratekit.volume.OperationId;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes an empty volume. */
final class CreateVolume implements Procedure, Step {
    private static final Pattern MARK =
            Pattern.compile("([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-[0-9]+");
    private static final String BACKEND = "chosen back end";
    private static final String VOLUME = "volume";
    private static final String BYTES = "bytes";

    private final Workshop workshop;
    private final OperationId operation;
    private final VolumeRequest.Create request;

    CreateVolume(Workshop workshop, OperationId operation, VolumeRequest.Create request) {
        this.workshop = workshop;
        this.operation = operation;
        this.request = request;
    }

    @Override
    public Set<String> alone() {
        Set<String> keys = new LinkedHashSet<>();
        keys.add("name:" + request.name());
        request.context().map(Workshop::contextKey).ifPresent(keys::add);
        return keys;
    }

    @Override
    public void check() {
        if (workshop.ledger().volumes().named(request.name()).isPresent()) {
            throw Workshop.refused("there is a volume '%s' already; choose another name, or delete it first"
                    .formatted(request.name()));
        }
        VolumeBackend backend = workshop.backends().forNew();
        backend.checkRoom(backend.roundedBytes(request.sizeBytes()));
    }

    @Override
    public List<Step> steps() {
        return List.of(this);
    }

    @Override
    public String name() {
        return "create volume '%s'".formatted(request.name());
    }

    @Override
    public void run(StepMemory memory) {
        if (memory.get(BACKEND).isEmpty()) {
            memory.put(BACKEND, workshop.backends().forNew().name());
        }
        VolumeBackend backend = chosen(memory).orElseThrow();
        BackendVolume made =
                backend.create(mark(operation, 0), request.name(), backend.roundedBytes(request.sizeBytes()), memory);
        memory.put(BYTES, Long.toString(made.sizeBytes()));
        memory.put(VOLUME, made.id().text());
    }

    @Override
    public void record(StepMemory memory) {
        VolumeId id = new VolumeId(memory.get(VOLUME).orElseThrow());
        long sizeBytes = Long.parseLong(memory.get(BYTES).orElseThrow());
        workshop.ledger().operations().touches(operation, id);
        workshop.ledger()
                .volumes()
                .add(
                        id,
                        request.name(),
                        request.context(),
                        memory.get(BACKEND).orElseThrow(),
                        sizeBytes,
                        Optional.empty());
    }

    @Override
    public void undo(StepMemory memory) {
        chosen(memory).ifPresent(backend -> backend.discard(mark(operation, 0), memory));
    }

    /** Returns where it was begun, though new volumes may be made elsewhere by now; empty if it was not begun. */
    private Optional<VolumeBackend> chosen(StepMemory memory) {
        return memory.get(BACKEND)
                .map(name -> workshop.backends().named(name, "volume '%s' was begun".formatted(request.name())));
    }

    /** A mark's text has 40 characters at most: the operation's UUID without dashes, and a number. */
    static Mark mark(OperationId operation, int number) {
        String digits = operation.text().substring("op-".length()).replace("-", "");
        return new Mark(digits + "-" + number);
    }

    /** Returns the operation whose creation has that mark, if it is one of an operation. */
    static Optional<OperationId> operation(Mark mark) {
        Matcher parts = MARK.matcher(mark.text());
        return parts.matches()
                ? Optional.of(new OperationId(parts.replaceFirst("op-$1-$2-$3-$4-$5")))
                : Optional.empty();
    }
}
