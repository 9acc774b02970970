package io.migratekit.shell.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a process that was started by this program tells its parent beside what it shows to the person: how far it is
 * and how it ended. In the folder that {@code MIGRATEKIT_REPORT} names; nowhere if it names none.
 *
 * @param folder of the parent's making
 */
public record Report(Optional<Path> folder) {
    public static final String VARIABLE = "MIGRATEKIT_REPORT";

    /** Returns the report that this process was told to write. */
    public static Report ofThisProcess() {
        return named(System.getenv(VARIABLE));
    }

    private static Report named(@Nullable String folder) {
        return new Report(Optional.ofNullable(folder).map(Path::of));
    }

    /** Tells whether somebody reads it. */
    public boolean wanted() {
        return folder.isPresent();
    }

    /** Tells which job the process works on. */
    public void job(String jobId) {
        write("job", jobId);
    }

    /** Tells how far the process is. */
    public void percent(int percent) {
        write("percent", Integer.toString(percent));
    }

    /** Tells how the command ended. */
    public void result(String json) {
        write("result", json);
    }

    /** Returns how far the process is, 0 if it has not said. */
    public int percent() {
        String text = read("percent").strip();
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    /** Returns the job that the process works on, empty if it has not said. */
    public String job() {
        return read("job");
    }

    /** Returns the result's JSON, empty if there is none. */
    public String result() {
        return read("result");
    }

    private String read(String name) {
        try {
            Path file = folder.orElseThrow().resolve(name);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String text) {
        if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
            return; // nobody asked, or nobody waits any more
        }
        try {
            Path draft = Files.writeString(folder.get().resolve(name + ".draft"), text);
            Files.move(draft, folder.get().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the report to the parent process cannot be written: " + e.getMessage(), e);
        }
    }
}
