package io.migratekit.nbd.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.migratekit.nbd.server.AllocationRun;
import io.migratekit.nbd.server.ExportDevice.NoSpaceException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The system calls for holes that the JDK lacks, on a descriptor of their own. Where they do not exist (not Linux, no
 * native library, a file system without them) everything counts as data and zeroing is left to the caller. See
 * docs/decisions/0002-jna-for-holes.md.
 */
final class Holes {
    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_END = 2;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 0x10;
    private static final int FADV_WILLNEED = 3;
    private static final int EINTR = 4;
    private static final int ENXIO = 6;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;

    private final Path path;
    private final int descriptor;
    private volatile boolean canPunch = true;
    private volatile boolean canZeroRange = true;
    private volatile boolean canSeek = true;

    private Holes(Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /** Opens the file a second time for these calls; empty where they cannot be made. */
    static Optional<Holes> open(Path path, boolean readOnly) {
        if (!LinuxCalls.AVAILABLE) {
            return Optional.empty();
        }
        try {
            int flags = (readOnly ? O_RDONLY : O_RDWR) | O_CLOEXEC;
            Holes holes = new Holes(path, LinuxCalls.open(path.toString(), flags));
            if (Files.exists(holes.sameFile())) {
                return Optional.of(holes);
            }
            holes.close(); // no /proc here
            return Optional.empty();
        } catch (LastErrorException e) {
            return Optional.empty(); // the JDK opens it next and says why that fails
        }
    }

    /** A path that leads to the file behind the descriptor. */
    Path sameFile() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    AllocationRun runAt(long offsetBytes, long lengthBytes) throws IOException {
        if (!canSeek) {
            return AllocationRun.data(lengthBytes);
        }
        long dataBytes = seek(offsetBytes, SEEK_DATA);
        if (dataBytes == -ENXIO) {
            return holeToTheEnd(offsetBytes, lengthBytes);
        }
        if (dataBytes < 0) {
            return noSeek(dataBytes, lengthBytes);
        }
        if (dataBytes > offsetBytes) {
            return AllocationRun.emptyHole(Math.min(lengthBytes, dataBytes - offsetBytes));
        }
        long holeBytes = seek(offsetBytes, SEEK_HOLE);
        return AllocationRun.data(
                holeBytes > offsetBytes ? Math.min(lengthBytes, holeBytes - offsetBytes) : lengthBytes);
    }

    /** Makes the range read as zeros without writing them; false where that cannot be done. */
    boolean zero(long offsetBytes, long lengthBytes, boolean keepAllocated) throws IOException {
        if (!keepAllocated && punch(offsetBytes, lengthBytes)) {
            return true;
        }
        if (!canZeroRange) {
            return false;
        }
        int error = allocate(ZERO_RANGE | KEEP_SIZE, offsetBytes, lengthBytes);
        canZeroRange = error != EOPNOTSUPP && error != ENOSYS;
        return succeeded(error, "zeroing");
    }

    /** Gives the range's space back, after which it reads as zeros; false where that cannot be done. */
    boolean punch(long offsetBytes, long lengthBytes) throws IOException {
        if (!canPunch) {
            return false;
        }
        int error = allocate(PUNCH_HOLE | KEEP_SIZE, offsetBytes, lengthBytes);
        canPunch = error != EOPNOTSUPP && error != ENOSYS;
        return succeeded(error, "punching a hole");
    }

    void willNeed(long offsetBytes, long lengthBytes) {
        LinuxCalls.posix_fadvise(descriptor, offsetBytes, lengthBytes, FADV_WILLNEED);
    }

    void close() {
        LinuxCalls.close(descriptor);
    }

    /** A file that was cut answers the same way as one that ends in a hole, but what is gone is not zero. */
    private AllocationRun holeToTheEnd(long offsetBytes, long lengthBytes) throws IOException {
        long endBytes = seek(0, SEEK_END);
        if (endBytes < offsetBytes + lengthBytes) {
            throw new IOException("%s ends at byte %d, before byte %d; it was cut while it was exported"
                    .formatted(path, endBytes, offsetBytes + lengthBytes));
        }
        return AllocationRun.emptyHole(lengthBytes);
    }

    private AllocationRun noSeek(long error, long lengthBytes) {
        // EINVAL from a block device and EOPNOTSUPP alike: this file will never tell.
        canSeek = error == -EINTR;
        return AllocationRun.data(lengthBytes);
    }

    /** EINVAL is a block device's answer to a range that is not aligned to its sectors: only this range cannot. */
    private boolean succeeded(int error, String work) throws IOException {
        return switch (error) {
            case 0 -> true;
            case EINVAL, EOPNOTSUPP, ENOSYS -> false;
            case ENOSPC -> throw new NoSpaceException("%s: no space left for %s".formatted(path, work));
            default -> throw new IOException("%s: %s fails with errno %d".formatted(path, work, error));
        };
    }

    /** Returns 0 or the errno. */
    private int allocate(int mode, long offsetBytes, long lengthBytes) {
        int error;
        do {
            int result = LinuxCalls.fallocate(descriptor, mode, offsetBytes, lengthBytes);
            error = result == 0 ? 0 : Native.getLastError();
        } while (error == EINTR);
        return error;
    }

    /** Returns the position found, or the errno below zero. */
    private long seek(long offsetBytes, int whence) {
        long found = LinuxCalls.lseek(descriptor, offsetBytes, whence);
        return found >= 0 ? found : -Native.getLastError();
    }

    /** Bound only when first used, so that nobody pays for the native library who exports no file. */
    private static final class LinuxCalls {
        static final boolean AVAILABLE = bind();

        static native int open(String path, int flags) throws LastErrorException;

        static native int close(int descriptor);

        static native long lseek(int descriptor, long offsetBytes, int whence);

        static native int fallocate(int descriptor, int mode, long offsetBytes, long lengthBytes);

        static native int posix_fadvise(int descriptor, long offsetBytes, long lengthBytes, int advice);

        private static boolean bind() {
            try {
                if (!Platform.isLinux() || !Platform.is64Bit()) {
                    return false;
                }
                Native.register(LinuxCalls.class, Platform.C_LIBRARY_NAME);
                return true;
            } catch (LinkageError | RuntimeException e) {
                System.getLogger("io.migratekit.nbd.file")
                        .log(
                                Level.INFO,
                                "holes in files are neither seen nor made: JNA cannot be used: {0}",
                                e.toString());
                return false;
            }
        }
    }
}
