package io.migratekit.volume.operation;

import io.migratekit.volume.Difference;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Remembers what the last comparison of ledger and reality found and left, for whoever asks how the daemon is. Lost with
 * the process: each daemon compares when it starts. Safe for many threads.
 */
final class Comparison {
    private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);
    private static final int SHOWN_MAX = 5;

    private volatile Optional<List<Difference>> left = Optional.empty();
    private volatile Optional<String> trouble = Optional.empty();

    /** Takes note of what a comparison found. */
    void found(List<Difference> differences) {
        trouble = Optional.empty();
        left = Optional.of(differences.stream()
                .filter(difference -> !difference.repaired())
                .filter(difference -> difference.kind() != Difference.Kind.EXPORT_MISSING) // looked at each time anew
                .toList());
    }

    /** Takes note of what the comparison at the start found, and tells the log. */
    void foundAtStart(List<Difference> differences) {
        found(differences);
        differences.forEach(difference -> LOG.atLevel(difference.fault() ? Level.WARN : Level.INFO)
                .log("{} {}: {}", difference.kind(), difference.which(), difference.detail()));
        LOG.info("ledger and back ends were compared: {} differences", differences.size());
    }

    /** Takes note that nothing could be compared. */
    void failed(String why) {
        trouble = Optional.of(why);
        LOG.warn("ledger and back ends could not be compared: {}; 'volume reconcile' does it again", why);
    }

    /**
     * Returns what there is to say.
     *
     * @throws VolumeException if something is wrong, or it could not be compared
     */
    String check() {
        if (trouble.isPresent()) {
            throw new VolumeException(
                    Kind.FAILED,
                    "ledger and back ends could not be compared: %s; 'volume reconcile' does it again"
                            .formatted(trouble.get()));
        }
        if (left.isEmpty()) {
            return "ledger and back ends have not been compared yet";
        }
        List<Difference> faults = left.get().stream().filter(Difference::fault).toList();
        if (!faults.isEmpty()) {
            throw new VolumeException(
                    Kind.FAILED,
                    "%d differences between ledger and reality when they were compared last: %s; 'volume reconcile' compares again"
                            .formatted(faults.size(), some(faults)));
        }
        List<Difference> strangers = left.get();
        return strangers.isEmpty()
                ? "no difference when ledger and reality were compared last"
                : "no fault when ledger and reality were compared last; %d volumes that the ledger does not know: %s; 'volume reconcile' tells of them"
                        .formatted(strangers.size(), some(strangers));
    }

    private static String some(List<Difference> differences) {
        return differences.stream()
                .limit(SHOWN_MAX)
                .map(difference -> difference.kind() + " " + difference.which())
                .collect(Collectors.joining(", "));
    }
}
