package io.migratekit.shell.doctor;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.screen.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** The folder that everything is written to. */
final class HomeChecks {
    /** Below it the joblog and change maps of a large VM may not fit. */
    private static final long FREE_BYTES_MIN = 1L << 30;

    private HomeChecks() {}

    static List<Finding> look(Home home) {
        return List.of(
                writable(home.folder()), mode(home.folder()), space("space at home", home.folder()), temporary());
    }

    private static Finding writable(Path folder) {
        try {
            Files.delete(Files.createTempFile(folder, "doctor", ".tmp"));
            return Finding.ok("MIGRATEKIT_HOME", folder + ", writable");
        } catch (IOException e) {
            return Finding.error(
                    "MIGRATEKIT_HOME", folder + ": " + e.getMessage(), "set MIGRATEKIT_HOME to a folder of yours");
        }
    }

    private static Finding mode(Path folder) {
        try {
            Set<PosixFilePermission> others = Set.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_EXECUTE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_EXECUTE);
            boolean open = Files.getPosixFilePermissions(folder).stream().anyMatch(others::contains);
            return open
                    ? Finding.warning("privacy", "others may read " + folder, "chmod 700 " + folder)
                    : Finding.ok("privacy", "only you may read it");
        } catch (IOException | UnsupportedOperationException e) {
            return Finding.warning("privacy", "unknown: " + e.getMessage(), "look at the mode of " + folder);
        }
    }

    private static Finding temporary() {
        return space("space in " + System.getProperty("java.io.tmpdir"), Path.of(System.getProperty("java.io.tmpdir")));
    }

    private static Finding space(String what, Path folder) {
        try {
            long freeBytes = Files.getFileStore(folder).getUsableSpace();
            String found = Units.bytes(freeBytes) + " free";
            return freeBytes >= FREE_BYTES_MIN
                    ? Finding.ok(what, found)
                    : Finding.warning(what, found, "free some space; 1 GiB is a good start");
        } catch (IOException e) {
            return Finding.error(what, folder + ": " + e.getMessage(), "look at the file system");
        }
    }
}
