package io.migratekit.volume.operation;

import io.migratekit.nbd.NbdUri;
import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.StepMemory;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Exports a volume under a new epoch: the epoch is taken, older exports are ended, and only then the new one is served.
 * Two writers can never be at one volume, whatever dies in between.
 */
final class ExportVolume implements Procedure {
    private final Workshop workshop;
    private final OperationId operation;
    private final VolumeRequest.Export request;
    private final VolumeId id;

    ExportVolume(Workshop workshop, OperationId operation, VolumeRequest.Export request) {
        this.workshop = workshop;
        this.operation = operation;
        this.request = request;
        this.id = request.volume();
    }

    @Override
    public Set<String> alone() {
        return Set.of(Workshop.key(id));
    }

    @Override
    public void check() {
        Volume volume = workshop.volume(id);
        workshop.refuseBroken(volume);
        Optional<Attachment> here = volume.attachment().filter(at -> at.mode() == ExportMode.OMA);
        if (here.isEmpty()) {
            throw Workshop.refused("volume '%s' (%s) cannot be exported: %s; attach it to '%s' first"
                    .formatted(
                            volume.name(),
                            id,
                            volume.attachment()
                                    .map(at -> "VM " + at.vmId() + " has it")
                                    .orElse("it is attached to no VM"),
                            VolumeRequest.APPLIANCE));
        }
    }

    @Override
    public List<Step> steps() {
        return List.of(new TakeEpoch(), new EndOlder(), new Serve());
    }

    private Image servable() {
        Image image = workshop.backend(id).image(id);
        if (!workshop.engine().serves(image.format())) {
            throw Workshop.refused(
                    "volume %s is a %s image, which export engine '%s' cannot open; install qemu-storage-daemon (apt-get install qemu-system-common), or set migratekit.volumes.format to raw for new volumes"
                            .formatted(id, image.format(), workshop.engine().name()));
        }
        return image;
    }

    private ExportName name() {
        return own().name();
    }

    private VolumeExport own() {
        return workshop.ledger().exports().of(operation).orElseThrow();
    }

    private final class TakeEpoch implements Step {
        @Override
        public String name() {
            return "take the next epoch of volume " + id;
        }

        /** What cannot be served is refused while the older export still is. */
        @Override
        public void run(StepMemory memory) {
            servable();
        }

        @Override
        public void record(StepMemory memory) {
            Optional<String> context = workshop.volume(id).context();
            workshop.ledger().exports().takeEpoch(id, context, request.readOnly(), operation);
        }

        @Override
        public void recordUndo(StepMemory memory) {
            workshop.ledger()
                    .exports()
                    .of(operation)
                    .ifPresent(own -> workshop.ledger().exports().ended(own.name()));
        }
    }

    private final class EndOlder implements Step {
        @Override
        public String name() {
            return "end older exports of volume " + id;
        }

        @Override
        public void run(StepMemory memory) {
            older().forEach(export -> workshop.engine().remove(export.name()));
        }

        @Override
        public void record(StepMemory memory) {
            older().forEach(export -> workshop.ledger().exports().ended(export.name()));
        }

        private List<VolumeExport> older() {
            return workshop.ledger().exports().openOf(id).stream()
                    .filter(export ->
                            export.name().epoch() < ExportVolume.this.name().epoch())
                    .toList();
        }
    }

    private final class Serve implements Step {
        private static final String URI = "uri";

        @Override
        public String name() {
            return "serve volume " + id;
        }

        @Override
        public void run(StepMemory memory) {
            NbdUri uri = workshop.engine().add(ExportVolume.this.name(), servable(), request.readOnly());
            memory.put(URI, uri.toString());
        }

        @Override
        public void record(StepMemory memory) {
            workshop.ledger()
                    .exports()
                    .active(
                            ExportVolume.this.name(),
                            workshop.engine().name(),
                            memory.get(URI).orElseThrow());
        }

        @Override
        public void undo(StepMemory memory) {
            workshop.engine().remove(ExportVolume.this.name());
        }
    }
}
