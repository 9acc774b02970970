package io.migratekit.volume.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds programs of this machine. Asked at every use, so what is installed meanwhile is found. */
@FunctionalInterface
public interface Tools {

    /** Returns where a program is, if it is installed. */
    Optional<Path> find(String program);

    /** Finds what is on the path or in a system folder. */
    static Tools onPath() {
        return Tools::lookUp;
    }

    private static Optional<Path> lookUp(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin:/bin:/usr/sbin:/sbin";
        for (String folder : path.split(":", -1)) {
            Path candidate = Path.of(folder, program).toAbsolutePath();
            if (!folder.isEmpty() && Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
