package io.migratekit.source.standing;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceRef;
import io.migratekit.source.SourceSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Disks as they stand. A snapshot is only a note of what they were; nothing is frozen and nothing can be left over. */
final class StandingMachine implements SourceMachine {
    /** Looks at a disk. */
    @FunctionalInterface
    interface Look {
        StandingDisk look(DiskKey key, SourceRef ref) throws IOException;
    }

    private final Look look;
    private final Map<DiskKey, SourceRef> refs;

    /** Makes a machine and looks at each disk once, so that a wrong reference is told at once. */
    StandingMachine(Look look, Map<DiskKey, SourceRef> refs) throws IOException {
        this.look = look;
        this.refs = new LinkedHashMap<>(refs);
        lookAtAll();
    }

    @Override
    public List<SourceDisk> disks() throws IOException {
        return lookAtAll().values().stream().map(StandingDisk::disk).toList();
    }

    @Override
    public SourceSnapshot takeSnapshot(String name) throws IOException {
        return new StandingSnapshot(name, lookAtAll());
    }

    @Override
    public Optional<SourceSnapshot> findSnapshot(String reference) throws IOException {
        Optional<String> name = StandingSnapshot.nameIn(reference);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        try {
            SourceSnapshot now = new StandingSnapshot(name.get(), lookAtAll());
            return now.reference().equals(reference) ? Optional.of(now) : Optional.empty();
        } catch (SourceException.NotFound e) {
            return Optional.empty();
        }
    }

    @Override
    public List<SourceSnapshot> snapshots(String namePrefix) {
        return new ArrayList<>();
    }

    @Override
    public void close() {
        // nothing is held
    }

    private Map<DiskKey, StandingDisk> lookAtAll() throws IOException {
        Map<DiskKey, StandingDisk> disks = new LinkedHashMap<>();
        for (Map.Entry<DiskKey, SourceRef> entry : refs.entrySet()) {
            disks.put(entry.getKey(), look.look(entry.getKey(), entry.getValue()));
        }
        return disks;
    }
}
