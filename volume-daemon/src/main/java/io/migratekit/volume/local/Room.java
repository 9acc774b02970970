package io.migratekit.volume.local;

import io.migratekit.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the pool can still promise. Volumes are sparse: each may grow to its size, and what all of them may still grow
 * counts as taken. Measured anew at each question.
 */
final class Room {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** stat(2): st_blocks counts in these, whatever the file system's blocks are. */
    private static final int BLOCK_BYTES = 512;

    private static final Pattern LINE = Pattern.compile("([0-9]{1,18}) ([^/\0]+/[^/\0]+)\0");

    private final LocalSettings settings;
    private final Pool pool;

    Room(LocalSettings settings, Pool pool) {
        this.settings = settings;
        this.pool = pool;
    }

    /**
     * Checks that volumes may grow by so much more than now.
     *
     * @throws VolumeException of kind NO_ROOM with the figures and the settings that matter
     */
    void check(long addedBytes) throws IOException {
        long growthBytes =
                growthBytes(); // before the free space: what is written meanwhile counts twice, never not at all
        long freeBytes = freeBytes();
        double promisedBytes = (double) (freeBytes - settings.reserveBytes()) * settings.overcommit();
        long leftBytes = Math.max(0, (long) promisedBytes - growthBytes);
        if (addedBytes > leftBytes) {
            throw new VolumeException(
                    VolumeException.Kind.NO_ROOM,
                    ("the pool %s has room for %s, and %s are needed: %s are free, less a reserve of %s, times an overcommit of %s,"
                                    + " less %s that existing volumes may still grow. Delete volumes or snapshot sets, enlarge"
                                    + " the file system, or change migratekit.volumes.reserve, .overcommit or .pool")
                            .formatted(
                                    pool.folder(),
                                    text(leftBytes),
                                    text(addedBytes),
                                    text(freeBytes),
                                    text(settings.reserveBytes()),
                                    settings.overcommit(),
                                    text(growthBytes)));
        }
    }

    /** Returns what can be written now, whatever was promised. */
    long freeBytes() throws IOException {
        return Files.getFileStore(pool.folder()).getUsableSpace();
    }

    /** Returns what the active images of some volumes occupy. */
    long allocatedBytes(List<StoredVolume> volumes) throws IOException {
        Map<String, Long> allocated = allocated(pool.folder(), 2);
        return volumes.stream()
                .mapToLong(volume -> allocated.getOrDefault(key(volume), 0L))
                .sum();
    }

    /** Returns what one image of a volume occupies. */
    long allocatedBytes(StoredVolume volume, String file) throws IOException {
        return allocated(pool.of(volume.id()), 1).getOrDefault("./" + file, 0L);
    }

    private long growthBytes() throws IOException {
        Map<String, Long> allocated = allocated(pool.folder(), 2);
        long sum = 0;
        for (StoredVolume volume : pool.content().volumes()) {
            sum += growthBytes(volume, allocated.getOrDefault(key(volume), 0L));
        }
        return sum;
    }

    /** Frozen images do not grow, and a damaged volume cannot be written through us. */
    private long growthBytes(StoredVolume volume, long allocatedBytes) throws IOException {
        try {
            return Math.max(0, pool.sizeBytes(volume) - allocatedBytes);
        } catch (DamagedVolume e) {
            return 0;
        }
    }

    private static String key(StoredVolume volume) {
        return volume.id() + "/" + volume.active();
    }

    /**
     * Asks find(1) for the allocated bytes of all files, since Java cannot tell. A file that it does not tell of, because
     * it is gone or hidden, counts as empty, so that more is kept free rather than less.
     */
    private Map<String, Long> allocated(Path folder, int depth) throws IOException {
        Optional<Path> find = settings.tools().find("find");
        if (find.isEmpty()) {
            throw new IOException("the program find, which tells what files occupy, is not installed;"
                    + " run 'apt-get install findutils'");
        }
        List<String> command = List.of(
                find.get().toString(),
                "-H",
                folder.toString(),
                "-mindepth",
                Integer.toString(depth),
                "-maxdepth",
                Integer.toString(depth),
                "-type",
                "f",
                "-printf",
                depth == 1 ? "%b ./%P\\0" : "%b %P\\0");
        Matcher lines = LINE.matcher(Program.run(command, TIMEOUT).output());
        Map<String, Long> bytes = new HashMap<>();
        while (lines.find()) {
            bytes.put(lines.group(2), Long.parseLong(lines.group(1)) * BLOCK_BYTES);
        }
        return bytes;
    }

    private static String text(long bytes) {
        return "%d bytes (%.1f GiB)".formatted(bytes, bytes / (double) (1L << 30));
    }
}
