package io.migratekit.source.lab;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;
import java.nio.file.Path;

/**
 * A lab disk as a user names it.
 *
 * @param lab folder of the lab
 * @param vm name of the machine
 * @param disk key of the disk there
 */
record LabRef(Path lab, String vm, DiskKey disk) {
    static final String SCHEME = "lab:";

    static LabRef parse(SourceRef ref) {
        String text = ref.text().substring(SCHEME.length());
        int diskAt = text.lastIndexOf('/');
        int vmAt = text.lastIndexOf('/', diskAt - 1);
        if (vmAt < 1 || diskAt == vmAt + 1 || diskAt == text.length() - 1) {
            throw new IllegalArgumentException(
                    "'%s' is no lab disk; it looks like lab:/folder/of/the/lab/VM/2000".formatted(ref));
        }
        return new LabRef(
                Path.of(text.substring(0, vmAt)).toAbsolutePath().normalize(),
                text.substring(vmAt + 1, diskAt),
                new DiskKey(text.substring(diskAt + 1)));
    }
}
