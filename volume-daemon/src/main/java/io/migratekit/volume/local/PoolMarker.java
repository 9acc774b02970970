package io.migratekit.volume.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The id that a pool carries, so that it is told from a folder that only is at its place. */
final class PoolMarker {
    static final String FILE = ".pool";
    private static final String NEW = ".pool.new";
    private static final int CHARACTERS_MAX = 64;

    private final Pool pool;
    private final Disk disk;

    PoolMarker(Pool pool, Disk disk) {
        this.pool = pool;
        this.disk = disk;
    }

    /** Returns the id; empty if the folder was never used as a pool, or by an older version only. */
    Optional<String> read() throws IOException {
        try {
            String id = Files.readString(pool.folder().resolve(FILE)).strip();
            return Optional.of(id).filter(text -> !text.isEmpty() && text.length() <= CHARACTERS_MAX);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Gives the pool an id, durable on return. */
    void write(String id) throws IOException {
        Path fresh = pool.folder().resolve(NEW);
        disk.write(fresh, (id + "\n").getBytes(StandardCharsets.UTF_8));
        disk.move(fresh, pool.folder().resolve(FILE));
        disk.sync(pool.folder());
    }
}
