package io.migratekit.volume.operation;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.ledger.VolumeLedger;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * In which order exports are served again, and which not at all this time: a back end that swallows requests would hold
 * up all others for each export that it has. For one round at a time.
 */
final class RestoreOrder {
    /** What fails as late as this has waited for somebody who does not answer. */
    private static final long SLOW_NANOS = 500_000_000;

    private final VolumeLedger volumes;

    /** The back ends that were silent when they were asked last; their exports come last. */
    private volatile Set<String> silentBefore = Set.of();

    RestoreOrder(VolumeLedger volumes) {
        this.volumes = volumes;
    }

    /** Begins a round. */
    Round begin() {
        return new Round(volumes.all().stream().collect(Collectors.toMap(Volume::id, Volume::backend)));
    }

    /** One time that all are tried. */
    final class Round {
        private final Map<VolumeId, String> backends;
        private final Set<String> silent = new HashSet<>();

        private Round(Map<VolumeId, String> backends) {
            this.backends = backends;
        }

        /**
         * Returns them in the order in which they are tried.
         *
         * @param failedBefore those that could not be served come behind their neighbours
         */
        List<VolumeExport> ordered(List<VolumeExport> exports, Predicate<VolumeExport> failedBefore) {
            return exports.stream()
                    .sorted(Comparator.comparing((VolumeExport export) -> silentBefore.contains(backend(export)))
                            .thenComparing(failedBefore::test))
                    .toList();
        }

        /** Tries one, unless its back end was silent in this round. Returns whether it is served again. */
        boolean attempt(VolumeExport export, BooleanSupplier serving) {
            if (silent.contains(backend(export))) {
                return false;
            }
            long beganNanos = System.nanoTime();
            boolean served = serving.getAsBoolean();
            if (!served && System.nanoTime() - beganNanos > SLOW_NANOS) {
                silent.add(backend(export));
            }
            return served;
        }

        /** Ends it: the next one begins with whoever answers. */
        void end() {
            silentBefore = Set.copyOf(silent);
        }

        private String backend(VolumeExport export) {
            return backends.getOrDefault(export.name().volume(), "");
        }
    }
}
