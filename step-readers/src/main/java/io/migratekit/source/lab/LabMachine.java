package io.migratekit.source.lab;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A lab's machine as a source. The keys that the caller gave its disks stand for the lab's own. */
final class LabMachine implements SourceMachine {
    private final LabVm vm;
    private final Map<DiskKey, DiskKey> labKeys;

    LabMachine(LabVm vm, Map<DiskKey, DiskKey> labKeys) throws IOException {
        this.vm = vm;
        this.labKeys = labKeys;
        disks();
    }

    @Override
    public List<SourceDisk> disks() throws IOException {
        return describe(vm, labKeys, vm.folder().load());
    }

    /** Describes the disks that the caller named, in its order and under its keys. */
    static List<SourceDisk> describe(LabVm vm, Map<DiskKey, DiskKey> labKeys, VmState state) throws IOException {
        List<SourceDisk> disks = new ArrayList<>();
        for (Map.Entry<DiskKey, DiskKey> entry : labKeys.entrySet()) {
            VmState.Disk disk = state.disks().get(entry.getValue());
            if (disk == null) {
                throw new SourceException.NotFound("machine '%s' of the lab %s has no disk %s; it has %s"
                        .formatted(
                                vm.name(),
                                vm.lab().folder(),
                                entry.getValue(),
                                state.disks().keySet()));
            }
            disks.add(new SourceDisk(
                    entry.getKey(),
                    "disk " + entry.getValue(),
                    vm.ref(entry.getValue()).text(),
                    disk.capacityBytes()));
        }
        return disks;
    }

    @Override
    public SourceSnapshot takeSnapshot(String name) throws IOException {
        String id = UUID.randomUUID().toString();
        SnapshotFolder.take(vm.folder(), id, name);
        return new LabSnapshot(
                vm,
                labKeys,
                SnapshotFolder.find(vm.folder(), id)
                        .orElseThrow(() -> new SourceException.NotFound(
                                "snapshot '%s' of machine '%s' was removed at once".formatted(name, vm.name()))));
    }

    @Override
    public Optional<SourceSnapshot> findSnapshot(String reference) throws IOException {
        Optional<String> id = LabSnapshot.idIn(reference);
        Optional<SnapshotFolder> folder =
                id.isPresent() ? SnapshotFolder.find(vm.folder(), id.get()) : Optional.empty();
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        SourceSnapshot snapshot = new LabSnapshot(vm, labKeys, folder.get());
        if (vm.lab().strikes(LabFault.LOST_SNAPSHOT)) {
            snapshot.remove();
            return Optional.empty();
        }
        return Optional.of(snapshot);
    }

    @Override
    public List<SourceSnapshot> snapshots(String namePrefix) throws IOException {
        List<String> ids;
        try (Stream<Path> folders = Files.list(vm.folder().snapshots())) {
            ids = folders.map(path -> path.getFileName().toString())
                    .filter(id -> !id.startsWith("."))
                    .sorted()
                    .toList();
        }
        List<SourceSnapshot> snapshots = new ArrayList<>();
        for (String id : ids) {
            SnapshotFolder.find(vm.folder(), id)
                    .filter(folder -> folder.name().startsWith(namePrefix))
                    .ifPresent(folder -> snapshots.add(new LabSnapshot(vm, labKeys, folder)));
        }
        return snapshots;
    }

    @Override
    public void close() {
        // a lab has no sessions to end
    }
}
