package io.migratekit.job.report;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a worker is with a replication.
 *
 * @param status how it stands
 * @param stage what it is at
 * @param syncType full or incremental, as far as the worker says
 * @param percent of what there is to do, 0 to 100
 * @param bytes how far it is
 * @param bytesPerSecond speed, 0 or more
 * @param remainingSeconds how long the rest takes, as far as the worker can tell
 * @param error what went wrong, if something did
 * @param disks the same for single disks; may be empty
 */
public record WorkerReport(
        WorkerStatus status,
        Stage stage,
        Optional<String> syncType,
        double percent,
        Bytes bytes,
        long bytesPerSecond,
        OptionalLong remainingSeconds,
        Optional<Trouble> error,
        List<Disk> disks) {
    private static final int WORD_CHARACTERS_MAX = 50; // the columns' width
    private static final int DISK_CHARACTERS_MAX = 100; // the column's width

    /** A VM has at most 4 controllers of 64 disks (vSphere's maximums); more is no VM. */
    public static final int DISKS_MAX = 256;

    /**
     * How far something is.
     *
     * @param transferred 0 or more
     * @param total what there is to transfer, 0 if it is not known yet
     */
    public record Bytes(long transferred, long total) {
        public Bytes {
            if (transferred < 0 || total < 0) {
                throw new IllegalArgumentException("bytes_transferred is %d of total_bytes %d; both must be 0 or more"
                        .formatted(transferred, total));
            }
        }
    }

    /**
     * What went wrong.
     *
     * @param classification what kind, as in connection or disk; at most 50 characters
     * @param details what, which and what next
     */
    public record Trouble(String classification, String details) {
        public Trouble {
            word("error_classification", classification, WORD_CHARACTERS_MAX);
        }
    }

    /**
     * How far one disk is.
     *
     * @param id as in disk-2000; at most 100 characters
     * @param status how it stands
     * @param bytes how far it is
     */
    public record Disk(String id, DiskStatus status, Bytes bytes) {
        public Disk {
            word("disk id", id, DISK_CHARACTERS_MAX);
        }
    }

    public WorkerReport {
        disks = List.copyOf(disks);
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("percentage is %s; it must be 0 to 100".formatted(percent));
        }
        if (bytesPerSecond < 0 || remainingSeconds.orElse(0) < 0) {
            throw new IllegalArgumentException("transfer_speed_bps is %d and eta_seconds %d; both must be 0 or more"
                    .formatted(bytesPerSecond, remainingSeconds.orElse(0)));
        }
        syncType.ifPresent(text -> word("sync_type", text, WORD_CHARACTERS_MAX));
        if (disks.size() > DISKS_MAX || disks.stream().map(Disk::id).distinct().count() < disks.size()) {
            throw new IllegalArgumentException("%d disks, of which some are named twice or more than %d; name each once"
                    .formatted(disks.size(), DISKS_MAX));
        }
    }

    private static void word(String what, String text, int charactersMax) {
        if (text.isBlank() || text.length() > charactersMax || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "%s is '%s'; 1 to %d characters are needed".formatted(what, text, charactersMax));
        }
    }
}
