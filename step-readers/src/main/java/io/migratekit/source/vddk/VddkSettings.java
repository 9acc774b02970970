package io.migratekit.source.vddk;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How to read through VDDK. None of it changes what is read.
 *
 * @param plugin the program
 * @param transports transports in order of preference; empty lets VDDK choose
 * @param compression between VDDK and the host
 * @param connections how many connections a copy may open to one disk, 2 to 4: each is an NFC session of the host
 * @param startTimeout from the start of nbdkit to its socket
 * @param openTimeout for log-in, opening of the disk and a first read; below the time for which a copy tries again
 * @param silenceMax how long nbdkit may leave a greeting unanswered; it is looked after as often, and by a read instead
 *     where clients have come since
 * @param endTimeout from a SIGTERM to a SIGKILL
 * @param folder where the private folders are made; short, since socket paths end at 107 bytes
 */
public record VddkSettings(
        VddkPlugin plugin,
        List<Transport> transports,
        Compression compression,
        int connections,
        Duration startTimeout,
        Duration openTimeout,
        Duration silenceMax,
        Duration endTimeout,
        Path folder) {
    private static final int FOLDER_BYTES_MAX = 61; // 107, less "/migratekit-vddk-", 20 digits and "/nbd.sock"

    /** How the bytes come here (VDDK programming guide, "Virtual Disk Transport Methods"). */
    public enum Transport {
        NBD,
        NBDSSL,
        SAN,
        HOTADD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Compression of NBD and NBDSSL transports (vSphere 6.5 and later). */
    public enum Compression {
        NONE,
        ZLIB,
        FASTLZ,
        SKIPZ;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public VddkSettings {
        transports = List.copyOf(transports);
        if (connections < 2 || connections > 4) {
            throw new IllegalArgumentException(
                    "%d connections to one disk; 2 to 4 are needed (a host serves about 50 NFC sessions to all)"
                            .formatted(connections));
        }
        for (Duration limit : List.of(startTimeout, openTimeout, silenceMax, endTimeout)) {
            if (limit.toMillis() < 1 || limit.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException(
                        "a time limit of %s for nbdkit; 1 ms to 1 h is needed".formatted(limit));
            }
        }
        if (!folder.isAbsolute() || folder.toString().getBytes(StandardCharsets.UTF_8).length > FOLDER_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "folder '%s' for nbdkit's sockets; an absolute path of up to %d bytes is needed"
                            .formatted(folder, FOLDER_BYTES_MAX));
        }
    }

    /** NBDSSL, then NBD, no compression, 4 connections, 30 s to start, 1 min to open, 20 s of silence, 5 s to end. */
    public static VddkSettings defaults() {
        return new VddkSettings(
                VddkPlugin.defaults(),
                List.of(Transport.NBDSSL, Transport.NBD),
                Compression.NONE,
                4,
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                Duration.ofSeconds(20),
                Duration.ofSeconds(5),
                Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
    }
}
