package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;

/** Attaches a volume to a VM. That another VM had it, if only for a moment, is written down: it may have written to it. */
final class AttachVolume extends OnVolume {
    private static final String SEEN_AT = "seen at";

    private final VolumeRequest.Attach request;

    AttachVolume(Workshop workshop, VolumeRequest.Attach request) {
        super(workshop, request.volume());
        this.request = request;
    }

    @Override
    public void check() {
        Volume volume = workshop().volume(id());
        workshop().refuseBroken(volume);
        workshop().refuseAttached(volume, "attached");
    }

    @Override
    public String name() {
        return "attach volume %s to VM %s%s".formatted(id(), request.vmId(), request.root() ? " as root" : "");
    }

    @Override
    public void run(StepMemory memory) {
        try {
            Attachment at = backend().attach(id(), request.vmId(), request.root(), memory);
            new AttachmentMemory(memory).put(at);
        } catch (VolumeException e) {
            if (e.kind() != VolumeException.Kind.UNAVAILABLE) {
                lookAround(e, memory);
            }
            throw e;
        }
    }

    private void lookAround(VolumeException failure, StepMemory memory) {
        try {
            noteOthers(memory);
        } catch (VolumeException e) {
            failure.addSuppressed(e);
        }
    }

    private void noteOthers(StepMemory memory) {
        backend()
                .find(id())
                .flatMap(BackendVolume::attachment)
                .filter(at -> at.mode() == ExportMode.FAILOVER)
                .ifPresent(at -> memory.put(SEEN_AT, at.vmId()));
    }

    @Override
    public void record(StepMemory memory) {
        Attachment at = new AttachmentMemory(memory).get().orElseThrow();
        workshop().ledger().volumes().attached(id(), at);
    }

    @Override
    public void undo(StepMemory memory) {
        noteOthers(memory);
        backend().unattach(id(), memory);
    }

    @Override
    public void recordUndo(StepMemory memory) {
        if (memory.get(SEEN_AT).isPresent()) {
            workshop().ledger().volumes().changed(id());
        }
    }

    @Override
    public void recordLeft(StepMemory memory) {
        workshop().ledger().volumes().changed(id());
    }

    private VolumeBackend backend() {
        return workshop().backend(id());
    }
}
