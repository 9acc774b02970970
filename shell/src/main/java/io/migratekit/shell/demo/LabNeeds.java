package io.migratekit.shell.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a lab vCenter needs of this machine. */
final class LabNeeds {
    static final Path NBDKIT = Path.of("/usr/bin/nbdkit");

    private static final Path GOVMOMI = Path.of("/usr/share/gocode/src/github.com/vmware/govmomi/simulator");

    private LabNeeds() {}

    /**
     * Sees to it that all is there.
     *
     * @throws IOException with the command that installs what is missing
     */
    static void require() throws IOException {
        List<String> missing = new ArrayList<>();
        if (!hasGo()) {
            missing.add("golang-go");
        }
        if (!Files.isDirectory(GOVMOMI) && System.getenv("MIGRATEKIT_GOPATH") == null) {
            missing.add("golang-github-vmware-govmomi-dev");
        }
        if (!Files.isExecutable(NBDKIT)) {
            missing.add("nbdkit");
        }
        if (!missing.isEmpty()) {
            throw new IOException(
                    "a lab vCenter is built from govmomi's simulator, and not all that needs is here: apt-get install --no-install-recommends "
                            + String.join(" ", missing));
        }
    }

    private static boolean hasGo() {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : path.split(":", -1)) {
            if (Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, "go"))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the folder of the sources, which is the launcher's.
     *
     * @throws IOException if this program was not started by the launcher of a checkout
     */
    static Path checkout() throws IOException {
        String launcher = System.getProperty("migratekit.launcher");
        Path folder =
                launcher == null ? null : Path.of(launcher).toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder.resolve("step-readers/src/lab"))) {
            throw new IOException(
                    "a lab vCenter is built from the sources, and this program was not started by the './migratekit' of a checkout; start it there");
        }
        return folder;
    }
}
