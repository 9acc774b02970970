package io.migratekit.source.lab;

import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.image.ServedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/** A snapshot of a lab's machine. */
final class LabSnapshot implements SourceSnapshot {
    private static final String SCHEME = "lab-snapshot:";

    private final LabVm vm;
    private final Map<DiskKey, DiskKey> labKeys;
    private final SnapshotFolder folder;

    LabSnapshot(LabVm vm, Map<DiskKey, DiskKey> labKeys, SnapshotFolder folder) {
        this.vm = vm;
        this.labKeys = labKeys;
        this.folder = folder;
    }

    /** Returns the id in a reference of this kind. */
    static Optional<String> idIn(String reference) {
        String id = reference.startsWith(SCHEME) ? reference.substring(SCHEME.length()) : "";
        return id.matches("[0-9a-f-]{36}") ? Optional.of(id) : Optional.empty();
    }

    @Override
    public String reference() {
        return SCHEME + folder.id();
    }

    @Override
    public String name() {
        return folder.name();
    }

    @Override
    public List<SourceDisk> disks() throws IOException {
        return LabMachine.describe(vm, labKeys, folder.state());
    }

    @Override
    public Optional<ChangeId> changeId(DiskKey disk) throws IOException {
        return Optional.of(
                new ChangeId(disk(disk).lineage() + "/" + folder.state().sequence()));
    }

    @Override
    public boolean accumulates(DiskKey disk) {
        return false;
    }

    @Override
    public ChangeQuery changes(DiskKey disk, Optional<ChangeId> since) throws IOException {
        VmState.Disk described = disk(disk);
        DiskKey labKey = labKey(disk);
        RoaringBitmap blocks = since.isPresent()
                ? vm.folder()
                        .changes(labKey)
                        .between(
                                sequence(disk, described, since.get()),
                                folder.state().sequence())
                : AllocatedBlocks.of(image(labKey));
        return new LabQuery(vm.lab(), folder, described.capacityBytes(), blocks);
    }

    @Override
    public DiskAccess open(DiskKey disk) throws IOException {
        return ServedImage.serve(image(labKey(disk)));
    }

    @Override
    public void remove() throws IOException {
        if (vm.lab().strikes(LabFault.STUCK_SNAPSHOT)) {
            throw new SourceException.Unavailable(
                    "snapshot '%s' of machine '%s' stays: the lab %s says that the machine is busy"
                            .formatted(folder.name(), vm.name(), vm.lab().folder()),
                    new IOException("another task is in progress"));
        }
        SnapshotFolder.remove(vm.folder(), folder.id());
    }

    private long sequence(DiskKey disk, VmState.Disk described, ChangeId since) throws SourceException {
        String lineage = since.lineage();
        if (!lineage.equals(described.lineage())) {
            throw unknown(disk, since, "change tracking was reset since then");
        }
        try {
            long sequence = Long.parseLong(since.text().substring(lineage.length() + 1));
            if (sequence >= 0 && sequence <= folder.state().sequence()) {
                return sequence;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw unknown(disk, since, "it has no sequence number");
        }
        throw unknown(disk, since, "it is later than the snapshot");
    }

    private SourceException unknown(DiskKey disk, ChangeId since, String reason) {
        return new SourceException.ChangesUnknown("what changed on disk %s of machine '%s' since %s is not known: %s"
                .formatted(disk, vm.name(), since, reason));
    }

    private Path image(DiskKey labKey) throws SourceException {
        Path image = folder.image(labKey);
        if (!Files.exists(image)) {
            throw new SourceException.NotFound(
                    "snapshot '%s' of machine '%s' is gone".formatted(folder.name(), vm.name()));
        }
        return image;
    }

    private VmState.Disk disk(DiskKey disk) throws SourceException {
        VmState.Disk found = folder.state().disks().get(labKey(disk));
        if (found == null) {
            throw new SourceException.NotFound(
                    "snapshot '%s' of machine '%s' has no disk %s".formatted(folder.name(), vm.name(), disk));
        }
        return found;
    }

    private DiskKey labKey(DiskKey disk) throws SourceException {
        DiskKey labKey = labKeys.get(disk);
        if (labKey == null) {
            throw new SourceException.NotFound(
                    "machine '%s' has no disk %s; it has %s".formatted(vm.name(), disk, labKeys.keySet()));
        }
        return labKey;
    }
}
