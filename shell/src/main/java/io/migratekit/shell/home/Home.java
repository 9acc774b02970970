package io.migratekit.shell.home;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * MIGRATEKIT_HOME (default {@code ~/.migratekit}): database, logs, history, laboratories. Mode 700, since change maps
 * and logs tell what a customer owns.
 *
 * @param folder absolute
 */
public record Home(Path folder) {

    /** Returns the folder named by the environment or by the system property {@code migratekit.home}; makes nothing. */
    public static Home fromEnvironment() {
        return of(System.getProperty("migratekit.home", System.getenv("MIGRATEKIT_HOME")));
    }

    private static Home of(@Nullable String named) {
        Path folder = named == null || named.isBlank()
                ? Path.of(System.getProperty("user.home"), ".migratekit")
                : Path.of(named);
        return new Home(folder.toAbsolutePath().normalize());
    }

    /**
     * Makes the folder and those in it if they are missing.
     *
     * @throws IOException with what to do, if that is not possible
     */
    public void make() throws IOException {
        privateFolder(folder);
        privateFolder(logs());
        privateFolder(database());
    }

    /** Returns where the log and the output of detached processes go. */
    public Path logs() {
        return folder.resolve("logs");
    }

    /** Returns the log that holds stack traces. */
    public Path log() {
        return logs().resolve("migratekit.log");
    }

    /** Returns where the embedded database is. */
    public Path database() {
        return folder.resolve("db");
    }

    /** Returns the console's history. */
    public Path history() {
        return folder.resolve("history");
    }

    /** Makes {@code path} readable for its owner only. */
    public static void privateFolder(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        try {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("'%s' is no folder; remove it or set MIGRATEKIT_HOME".formatted(path), e);
        } catch (IOException e) {
            throw new IOException(
                    "the folder '%s' cannot be made (%s); set MIGRATEKIT_HOME to one that you may write"
                            .formatted(path, reason(e)),
                    e);
        }
    }

    /** A file system's exceptions say only the path unless they are asked for more. */
    private static String reason(IOException e) {
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return e.getClass()
                .getSimpleName()
                .replace("Exception", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
