package io.migratekit.source.vddk;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A disk as VDDK names it.
 *
 * @param machine managed object reference of the virtual machine, as in vm-16
 * @param snapshot managed object reference of the snapshot to read; without one, the machine has to be off
 * @param file its path, as in {@code [datastore1] web01/web01.vmdk}: that of the snapshot's configuration
 */
public record VddkDisk(String machine, Optional<String> snapshot, String file) {
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern FILE = Pattern.compile("\\[[^\\]\\p{Cntrl}]+\\] [^\\p{Cntrl}]+");

    public VddkDisk {
        checkReference("virtual machine", machine);
        snapshot.ifPresent(reference -> checkReference("snapshot", reference));
        if (!FILE.matcher(file).matches()) {
            throw new IllegalArgumentException(
                    "disk path '%s' of %s; one as in '[datastore1] web01/web01.vmdk' is needed"
                            .formatted(file, machine));
        }
    }

    private static void checkReference(String what, String reference) {
        if (!REFERENCE.matcher(reference).matches()) {
            throw new IllegalArgumentException(
                    "reference '%s' of a %s; a managed object reference as in vm-16 is needed"
                            .formatted(reference, what));
        }
    }

    @Override
    public String toString() {
        return "'%s' of %s%s"
                .formatted(file, machine, snapshot.map(text -> " at " + text).orElse(""));
    }
}
