package io.migratekit.source.vcenter;

import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.tracking.OwnSnapshot;
import io.migratekit.source.vddk.VddkDisk;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A snapshot of a vCenter with our mark. What its disks are is asked once, as it cannot change. */
final class VCenterSnapshot implements SourceSnapshot {
    private static final String SCHEME = "vcenter-snapshot:";
    private static final Pattern REFERENCE = Pattern.compile(SCHEME + "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private final VCenterMachine machine;
    private final OwnSnapshot own;
    private final List<String> notes;
    private final boolean trackedFromNow;
    private @Nullable Map<DiskKey, InventoryDisk> disks;

    /**
     * Makes one.
     *
     * @param trackedFromNow whether tracking was switched on just before it was taken, while the machine ran without
     *     snapshots
     */
    VCenterSnapshot(VCenterMachine machine, OwnSnapshot own, List<String> notes, boolean trackedFromNow) {
        this.machine = machine;
        this.own = own;
        this.notes = List.copyOf(notes);
        this.trackedFromNow = trackedFromNow;
    }

    /** Returns the id inside a reference of this kind. */
    static Optional<String> idIn(String reference) {
        Matcher text = REFERENCE.matcher(reference);
        return text.matches() ? Optional.of(text.group(1)) : Optional.empty();
    }

    @Override
    public String reference() {
        return SCHEME + own.id();
    }

    @Override
    public String name() {
        return own.name();
    }

    @Override
    public Optional<Instant> moment() {
        return Optional.of(own.taken());
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public List<SourceDisk> disks() throws IOException {
        return VCenterMachine.describe(held());
    }

    private Map<DiskKey, InventoryDisk> held() throws SourceException {
        Map<DiskKey, InventoryDisk> known = disks;
        if (known == null) {
            known = machine.named(machine.tracked().disks(own), "its snapshot '%s'".formatted(own.name()));
            disks = known;
        }
        return known;
    }

    private InventoryDisk held(DiskKey key) throws SourceException {
        InventoryDisk disk = held().get(key);
        if (disk == null) {
            throw new SourceException.NotFound(
                    "machine '%s' has no disk %s; it has %s".formatted(machine.name(), key, held().keySet()));
        }
        return disk;
    }

    @Override
    public Optional<ChangeId> changeId(DiskKey disk) throws IOException {
        return machine.tracked().changeId(own, held(disk));
    }

    @Override
    public ChangeQuery changes(DiskKey key, Optional<ChangeId> since) throws IOException {
        InventoryDisk disk = held(key);
        if (since.isPresent()) {
            return machine.tracked().changes(own, disk, since.get());
        }
        return reading(disk).query();
    }

    @Override
    public Optional<String> fullReading(DiskKey key) throws IOException {
        Reading reading = reading(held(key));
        reading.query().close();
        return Optional.of(reading.words());
    }

    /** What a full copy of a disk reads, and why, for people. */
    private record Reading(ChangeQuery query, String words) {}

    private Reading reading(InventoryDisk disk) throws SourceException {
        return switch (machine.fullPlan()) {
            case WHOLE_DISK -> whole(disk, "the settings say so");
            case ALLOCATED -> allocated(disk, "as the settings say");
            case TRUSTED -> {
                Optional<String> doubt =
                        new AllocationTrust(machine.tracked(), machine.datastores()).doubt(disk, trackedFromNow);
                yield doubt.isPresent()
                        ? whole(disk, doubt.get())
                        : allocated(disk, "as it is thin, on VMFS, and tracked from before this snapshot on");
            }
        };
    }

    private static Reading whole(InventoryDisk disk, String reason) {
        return new Reading(new WholeDisk(disk.capacityBytes()), "every byte is read, since " + reason);
    }

    private Reading allocated(InventoryDisk disk, String reason) throws SourceException {
        if (disk.backing().changeId().isEmpty()) {
            return whole(disk, "its changes are not tracked, so vSphere cannot tell what is allocated");
        }
        try {
            return new Reading(
                    machine.tracked().allocated(own, disk), "what vSphere says is allocated is read, " + reason);
        } catch (SourceException.ChangesUnknown e) {
            return whole(disk, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public boolean accumulates(DiskKey disk) {
        return false;
    }

    @Override
    public DiskAccess open(DiskKey key) throws IOException {
        InventoryDisk disk = held(key);
        String reference = machine.tracked().reference().getVal();
        return machine.reader()
                .open(new VddkDisk(
                        reference, Optional.of(own.reference()), disk.backing().file()));
    }

    @Override
    public void remove() throws IOException {
        machine.tracked().removeSnapshot(own.id());
    }
}
