package io.migratekit.source.vcenter;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.vcenter.inventory.Datastores;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.tracking.OwnSnapshot;
import io.migratekit.source.vcenter.tracking.TrackedMachine;
import io.migratekit.source.vcenter.tracking.TrackingStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A machine of a vCenter, as far as its disks were named. */
final class VCenterMachine implements SourceMachine {
    private static final Logger LOG = LoggerFactory.getLogger(VCenterMachine.class);

    private final String name;
    private final Map<DiskKey, Integer> keys;
    private final VCenterSession session;
    private final TrackedMachine tracked;
    private final DiskReader reader;
    private final FullPlan fullPlan;
    private final Datastores datastores;

    VCenterMachine(
            String name,
            Map<DiskKey, Integer> keys,
            VCenterSession session,
            TrackedMachine tracked,
            DiskReader reader,
            FullPlan fullPlan) {
        this.name = name;
        this.keys = keys;
        this.session = session;
        this.tracked = tracked;
        this.reader = reader;
        this.fullPlan = fullPlan;
        this.datastores = new Datastores(session);
    }

    @Override
    public List<SourceDisk> disks() throws IOException {
        Map<DiskKey, InventoryDisk> named = named(tracked.disks(), "it");
        return describe(named);
    }

    static List<SourceDisk> describe(Map<DiskKey, InventoryDisk> named) {
        List<SourceDisk> described = new ArrayList<>();
        named.forEach((key, disk) ->
                described.add(new SourceDisk(key, disk.label(), disk.backing().file(), disk.capacityBytes())));
        return described;
    }

    /** Finds the named disks among others, in the order in which they were named. */
    Map<DiskKey, InventoryDisk> named(List<InventoryDisk> disks, String holder) throws SourceException {
        Map<Integer, InventoryDisk> byKey = disks.stream().collect(Collectors.toMap(InventoryDisk::key, disk -> disk));
        Map<DiskKey, InventoryDisk> named = new LinkedHashMap<>();
        for (Map.Entry<DiskKey, Integer> entry : keys.entrySet()) {
            InventoryDisk disk = byKey.get(entry.getValue());
            if (disk == null) {
                throw new SourceException.NotFound(
                        "machine '%s' has no disk %d (any more); %s has %s. If it was removed on purpose, remove the VM here and add it anew"
                                .formatted(
                                        name,
                                        entry.getValue(),
                                        holder,
                                        byKey.keySet().stream().sorted().toList()));
            }
            named.put(entry.getKey(), disk);
        }
        return named;
    }

    @Override
    public SourceSnapshot takeSnapshot(String snapshotName) throws IOException {
        List<String> notes = new ArrayList<>();
        boolean began = prepare(notes);
        OwnSnapshot taken = tracked.takeSnapshot(snapshotName, notes::add);
        noteOthers(taken, notes);
        notes.forEach(note -> LOG.warn("{}", note));
        return new VCenterSnapshot(this, taken, notes, began);
    }

    /** Names disks that are left out. No trouble with that may keep the snapshot from whoever has to remove it. */
    private void noteOthers(OwnSnapshot taken, List<String> notes) {
        try {
            for (InventoryDisk disk : tracked.disks(taken)) {
                if (!keys.containsValue(disk.key())) {
                    notes.add(
                            "disk %d '%s' of '%s' (%d bytes) is not replicated, as it was not there when the VM was added"
                                    .formatted(disk.key(), disk.label(), name, disk.capacityBytes()));
                }
            }
        } catch (SourceException e) {
            notes.add("whether '%s' has disks that are not replicated could not be seen: %s"
                    .formatted(name, e.getMessage()));
        }
    }

    /**
     * Switches tracking on where that is possible; where it is not, every replication is a full one.
     *
     * @return whether it was switched on now, while the machine ran without snapshots
     */
    private boolean prepare(List<String> notes) throws SourceException {
        TrackingStatus status = tracked.status();
        List<String> unreadable = status.disks().stream()
                .filter(obstacle -> keys.containsValue(obstacle.key()))
                .map(TrackingStatus.DiskObstacle::reason)
                .toList();
        if (!unreadable.isEmpty()) {
            throw new SourceException.Refused(
                    "machine '%s' cannot be frozen at one moment: %s".formatted(name, String.join("; ", unreadable)));
        }
        if (status.enabled()) {
            status.obstacles()
                    .forEach(obstacle ->
                            notes.add("each replication of '%s' copies everything: %s".formatted(name, obstacle)));
            return false;
        }
        if (!status.possible()) {
            notes.add("changes of '%s' are not tracked, so each replication copies everything: %s"
                    .formatted(name, String.join("; ", status.obstacles())));
        } else if (tracked.enable()) {
            notes.add("change tracking of '%s' was off and has been switched on".formatted(name));
            return tracked.running();
        }
        return false;
    }

    @Override
    public Optional<SourceSnapshot> findSnapshot(String reference) throws IOException {
        Optional<String> id = VCenterSnapshot.idIn(reference);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        return tracked.findSnapshot(id.get()).map(own -> new VCenterSnapshot(this, own, List.of(), false));
    }

    @Override
    public List<SourceSnapshot> snapshots(String namePrefix) throws IOException {
        return tracked.snapshots().stream()
                .filter(own -> own.name().startsWith(namePrefix))
                .<SourceSnapshot>map(own -> new VCenterSnapshot(this, own, List.of(), false))
                .toList();
    }

    String name() {
        return name;
    }

    TrackedMachine tracked() {
        return tracked;
    }

    DiskReader reader() {
        return reader;
    }

    FullPlan fullPlan() {
        return fullPlan;
    }

    Datastores datastores() {
        return datastores;
    }

    @Override
    public void close() {
        session.close();
    }
}
