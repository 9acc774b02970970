package io.migratekit.volume.operation;

import io.migratekit.volume.Difference;
import io.migratekit.volume.Difference.Kind;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeExport.State;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.ledger.JournalWrites;
import io.migratekit.volume.operation.Reconciler.Turns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the exports of the ledger with those that the engine serves, and serves or ends what has to be. */
final class ExportRepairs {
    private static final Logger LOG = LoggerFactory.getLogger(ExportRepairs.class);

    private final Workshop workshop;
    private final JournalWrites writes;

    /** What was said of exports that cannot be served again: said once, though it is tried every few seconds. */
    private final Map<ExportName, String> troubles = new ConcurrentHashMap<>();

    ExportRepairs(Workshop workshop, JournalWrites writes) {
        this.workshop = workshop;
        this.writes = writes;
    }

    void compare(boolean repair, Turns turns, List<Difference> found) {
        missingExports(repair, turns, found);
        unknownExports(repair, turns, found);
    }

    /**
     * Serves again what the ledger has as served; what cannot be is tried again next time.
     *
     * @return how many are served again
     */
    int restore(Turns turns) {
        List<VolumeExport> active = workshop.ledger().exports().open().stream()
                .filter(export -> export.state() == State.ACTIVE)
                .toList();
        if (active.isEmpty()) {
            return 0;
        }
        Set<ExportName> served = workshop.engine().names();
        AtomicInteger again = new AtomicInteger();
        for (VolumeExport export : active) {
            if (!served.contains(export.name())) {
                turns.ifIdle(Set.of(Workshop.key(export.name().volume())), () -> {
                    if (missing(export.name()) && serveAgain(export)) {
                        again.incrementAndGet();
                    }
                });
            }
        }
        return again.get();
    }

    private void missingExports(boolean repair, Turns turns, List<Difference> found) {
        Set<ExportName> served = workshop.engine().names();
        for (VolumeExport export : workshop.ledger().exports().open()) {
            if (export.state() == State.ACTIVE && !served.contains(export.name())) {
                turns.ifIdle(Set.of(Workshop.key(export.name().volume())), () -> {
                    if (missing(export.name())) {
                        String detail = "the ledger has it as served at %s, and it is not"
                                .formatted(export.uri().orElse("?"));
                        boolean again = repair && serveAgain(export);
                        found.add(new Difference(
                                Kind.EXPORT_MISSING, export.name().toString(), detail, true, again));
                    }
                });
            }
        }
    }

    private void unknownExports(boolean repair, Turns turns, List<Difference> found) {
        Set<ExportName> served = workshop.engine().names();
        Set<ExportName> known = workshop.ledger().exports().open().stream()
                .map(VolumeExport::name)
                .collect(Collectors.toSet());
        for (ExportName name : served) {
            if (!known.contains(name)) {
                turns.ifIdle(Set.of(Workshop.key(name.volume())), () -> {
                    if (open(name).isEmpty() && workshop.engine().uri(name).isPresent()) {
                        boolean ended = repair && workshop.engine().remove(name);
                        String detail =
                                "it is served, and the ledger does not have it as served; its writer must be locked out";
                        found.add(new Difference(Kind.EXPORT_UNKNOWN, name.toString(), detail, true, ended));
                    }
                });
            }
        }
    }

    /** Tells whether the ledger has an export as served and the engine has not. */
    private boolean missing(ExportName name) {
        return open(name).filter(export -> export.state() == State.ACTIVE).isPresent()
                && workshop.engine().uri(name).isEmpty();
    }

    private Optional<VolumeExport> open(ExportName name) {
        return workshop.ledger().exports().openOf(name.volume()).stream()
                .filter(export -> export.name().equals(name))
                .findFirst();
    }

    private boolean serveAgain(VolumeExport export) {
        try {
            VolumeId id = export.name().volume();
            Image image = workshop.backend(id).image(id);
            String uri = workshop.engine()
                    .add(export.name(), image, export.readOnly())
                    .toString();
            writes.run(() -> workshop.ledger()
                    .exports()
                    .active(export.name(), workshop.engine().name(), uri));
            LOG.info("export {} is served again", export.name());
            troubles.remove(export.name());
            return true;
        } catch (VolumeException e) {
            if (!e.getMessage().equals(troubles.put(export.name(), e.getMessage()))) {
                LOG.error("export {} cannot be served again: {}", export.name(), e.getMessage());
            }
            return false;
        }
    }
}
