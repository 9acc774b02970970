package io.migratekit.source.lab;

import io.migratekit.source.DiskKey;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a machine is kept.
 *
 * @param path its folder
 * @param name its name, of any characters; the folder's name is made of it
 */
record VmFolder(Path path, String name) {
    static final String STATE_FILE = "vm.properties";

    static VmFolder of(Path lab, String name) {
        if (name.isBlank() || name.contains("/")) {
            throw new IllegalArgumentException("'%s' cannot name a machine; no '/', and not blank".formatted(name));
        }
        // percent-encoded, as the name may be "..", or of letters that the file system's locale does not have
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        return new VmFolder(lab.resolve(encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded), name);
    }

    static String nameOf(Path folder) {
        return URLDecoder.decode(folder.getFileName().toString(), StandardCharsets.UTF_8);
    }

    void createSubfolders() throws IOException {
        Files.createDirectories(path.resolve("disks"));
        Files.createDirectories(path.resolve("changes"));
        Files.createDirectories(snapshots());
    }

    /** Does {@code work} while nobody else writes, changes or freezes the machine. */
    <T> T locked(FolderLock.Work<T> work) throws IOException {
        return FolderLock.holding(path, work);
    }

    Path stateFile() {
        return path.resolve(STATE_FILE);
    }

    Path image(DiskKey disk) {
        return path.resolve("disks").resolve(disk + ".raw");
    }

    ChangeLog changes(DiskKey disk) {
        return new ChangeLog(path.resolve("changes"), disk.text());
    }

    Path snapshots() {
        return path.resolve("snapshots");
    }

    VmState load() throws IOException {
        return VmState.of(new PropertyFile(stateFile()).load());
    }

    /** Replaces the state, and returns it. */
    VmState store(VmState state) throws IOException {
        new PropertyFile(stateFile()).store(state.toProperties());
        return state;
    }
}
