package io.migratekit.source.vcenter.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Gives tests a lab vCenter. A test that uses it says {@code @NeedsPeer("go")}. */
public final class LabFixture {
    private LabFixture() {}

    /** Starts a lab in an existing, empty folder; builds its program if nobody has yet (half a minute). */
    public static LabVCenter start(Path folder, LabInventory inventory) throws IOException, InterruptedException {
        return LabVCenter.start(program(), folder, inventory);
    }

    /** The program, kept where {@code mvn clean} does not come. */
    public static LabProgram program() throws IOException, InterruptedException {
        String home = Objects.requireNonNullElse(System.getenv("HOME"), System.getProperty("user.home"));
        return LabProgram.build(checkout(), Path.of(home, ".cache/migratekit-lab")); // where ./test builds it
    }

    /** Tests run in the folder of their module. */
    private static Path checkout() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("step-readers/src/lab"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IOException("no step-readers/src/lab above '%s'"
                        .formatted(Path.of("").toAbsolutePath()));
            }
            folder = parent;
        }
        return folder;
    }
}
