package io.migratekit.source.lab;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * An embedded hypervisor in a folder. Holds nothing open: any number of these, in any processes, may work on one folder
 * at once, and a killed one leaves a lab that the next can use.
 */
public final class Lab {
    /** Key of a machine's first disk; the others count up, as in vSphere. */
    private static final int FIRST_DISK_KEY = 2000;

    private final Path folder;

    private Lab(Path folder) {
        this.folder = folder;
    }

    /** Opens the lab in {@code folder}, which is made if need be. */
    public static Lab open(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        Files.createDirectories(absolute);
        return new Lab(absolute);
    }

    /** Returns where it is. */
    public Path folder() {
        return folder;
    }

    /**
     * Makes a machine, powered on, with disks 2000, 2001, … of the given sizes.
     *
     * @param name of any characters but '/'
     * @param fillPercent about how much of each disk holds data, in extents of 64 KiB to 4 MiB; the rest is holes
     * @param seed the same seed gives the same content
     * @throws IllegalArgumentException if there is such a machine already
     */
    public LabVm create(String name, int fillPercent, long seed, long... capacityBytes) throws IOException {
        VmFolder target = VmFolder.of(folder, name);
        if (Files.exists(target.path())) {
            throw new IllegalArgumentException("the lab %s has a machine '%s' already".formatted(folder, name));
        }
        VmFolder draft = new VmFolder(folder.resolve(".draft-" + UUID.randomUUID()), name);
        draft.createSubfolders();
        Map<DiskKey, VmState.Disk> disks = new LinkedHashMap<>();
        for (int index = 0; index < capacityBytes.length; index++) {
            DiskKey key = new DiskKey(Integer.toString(FIRST_DISK_KEY + index));
            new GuestData(seed * 31 + index).fill(draft.image(key), capacityBytes[index], fillPercent);
            disks.put(key, VmState.Disk.create(capacityBytes[index]));
        }
        draft.store(new VmState(true, 1, disks));
        Files.move(draft.path(), target.path(), StandardCopyOption.ATOMIC_MOVE);
        return new LabVm(this, target);
    }

    /**
     * Returns a machine.
     *
     * @throws SourceException.NotFound if there is none with that name
     */
    public LabVm vm(String name) throws IOException {
        VmFolder vm = VmFolder.of(folder, name);
        if (!Files.exists(vm.stateFile())) {
            throw new SourceException.NotFound(
                    "the lab %s has no machine '%s'; it has %s".formatted(folder, name, vms()));
        }
        return new LabVm(this, vm);
    }

    /** Returns the names of all machines. */
    public List<String> vms() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder)) {
            folders.filter(path -> Files.exists(path.resolve(VmFolder.STATE_FILE)))
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .forEach(path -> names.add(VmFolder.nameOf(path)));
        }
        names.sort(null);
        return names;
    }

    /** Returns the faults that it suffers from. */
    public LabFaults faults() throws IOException {
        return LabFaults.of(faultsFile().load());
    }

    /** Replaces the faults, for all processes at once. */
    public void setFaults(LabFaults faults) throws IOException {
        FolderLock.holding(folder, () -> faultsFile().store(faults.toProperties()));
    }

    /** Tells whether {@code fault} strikes now, and counts it. */
    boolean strikes(LabFault fault) throws IOException {
        if (!faults().strikes(fault)) {
            return false;
        }
        return FolderLock.holding(folder, () -> {
            LabFaults now = faults();
            if (now.strikes(fault)) {
                faultsFile().store(now.struck(fault).toProperties());
            }
            return now.strikes(fault);
        });
    }

    private PropertyFile faultsFile() {
        return new PropertyFile(folder.resolve("faults.properties"));
    }
}
