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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A snapshot of a vCenter with our mark. What its disks are is asked once, as it cannot change. */
final class VCenterSnapshot implements SourceSnapshot {
    private static final Logger LOG = LoggerFactory.getLogger(VCenterSnapshot.class);
    private static final String SCHEME = "vcenter-snapshot:";
    private static final Pattern REFERENCE = Pattern.compile(SCHEME + "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private final VCenterMachine machine;
    private final OwnSnapshot own;
    private final List<String> notes;
    private @Nullable Map<DiskKey, InventoryDisk> disks;

    VCenterSnapshot(VCenterMachine machine, OwnSnapshot own, List<String> notes) {
        this.machine = machine;
        this.own = own;
        this.notes = List.copyOf(notes);
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
        return switch (machine.fullPlan()) {
            case WHOLE_DISK -> new WholeDisk(disk.capacityBytes());
            case ALLOCATED -> allocated(disk);
        };
    }

    private ChangeQuery allocated(InventoryDisk disk) throws SourceException {
        if (disk.backing().changeId().isPresent()) {
            try {
                return machine.tracked().allocated(own, disk);
            } catch (SourceException.ChangesUnknown e) {
                LOG.info("disk {} of '{}' is read as a whole: {}", disk.key(), machine.name(), e.getMessage());
            }
        }
        return new WholeDisk(disk.capacityBytes());
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
