package io.migratekit.volume.local;

import io.migratekit.volume.VolumeException;
import java.io.IOException;
import java.util.Locale;

/** The one place where failures of the disk become the port's. */
final class Calls {
    private final Pool pool;
    private final PoolLock lock;

    Calls(Pool pool, PoolLock lock) {
        this.pool = pool;
        this.lock = lock;
    }

    /** What may fail as the disk may. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** What may fail as the disk may, and returns nothing. */
    @FunctionalInterface
    interface Deed {
        void run() throws IOException;
    }

    /**
     * Does something in the pool.
     *
     * @param what as in "creating volume 'x'"
     */
    <T> T get(String what, Work<T> work) {
        try {
            lock.check();
            return work.run();
        } catch (DamagedVolume e) {
            throw new VolumeException(VolumeException.Kind.FAILED, e.getMessage(), e);
        } catch (HalfDone e) {
            throw failure(what, e).afterChange();
        } catch (IOException e) {
            throw failure(what, e);
        }
    }

    /** Does something in the pool that returns nothing. */
    void run(String what, Deed deed) {
        boolean done = get(what, () -> {
            deed.run();
            return true;
        });
        assert done;
    }

    private VolumeException failure(String what, IOException e) {
        String words = String.valueOf(e.getMessage());
        if (e instanceof ProgramFailure failure && failure.inUse()) {
            return new VolumeException(
                    VolumeException.Kind.BUSY, "%s has to wait for another process: %s".formatted(what, words), e);
        }
        if (isFull(words.toLowerCase(Locale.ROOT))) {
            return new VolumeException(
                    VolumeException.Kind.NO_ROOM,
                    ("%s ended because the pool %s is full: %s. Free space there and ask again; a larger"
                                    + " migratekit.volumes.reserve warns earlier")
                            .formatted(what, pool.folder(), words),
                    e);
        }
        return new VolumeException(
                VolumeException.Kind.FAILED,
                "%s ended with %s; look at the pool %s and its file system, and ask again"
                        .formatted(what, e, pool.folder()),
                e);
    }

    private static boolean isFull(String words) {
        return words.contains("no space left on device") || words.contains("quota exceeded");
    }
}
