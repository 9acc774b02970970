package io.migratekit.volume.operation;

import io.migratekit.volume.ExportName;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;
import java.util.List;
import java.util.Optional;

/** Ends the export of a volume. */
final class UnexportVolume extends OnVolume {
    private final Optional<ExportName> last;

    UnexportVolume(Workshop workshop, VolumeRequest.Unexport request) {
        super(workshop, request.volume());
        this.last = request.last();
    }

    @Override
    public void check() {
        Volume volume = workshop().volume(id());
        if (last.isEmpty() && open().isEmpty()) {
            throw Workshop.refused(
                    "volume '%s' (%s) is not exported; there is nothing to end".formatted(volume.name(), id()));
        }
    }

    @Override
    public String name() {
        return "end the export of volume " + id();
    }

    @Override
    public void run(StepMemory memory) {
        open().forEach(export -> workshop().engine().remove(export.name()));
    }

    @Override
    public void record(StepMemory memory) {
        open().forEach(export -> workshop().ledger().exports().ended(export.name()));
    }

    /** Returns the exports that are to end and have not. */
    private List<VolumeExport> open() {
        return workshop().ledger().exports().openOf(id()).stream()
                .filter(export ->
                        last.isEmpty() || export.name().epoch() <= last.get().epoch())
                .toList();
    }

    @Override
    public boolean undoable() {
        return false; // a writer that is locked out stays out
    }
}
