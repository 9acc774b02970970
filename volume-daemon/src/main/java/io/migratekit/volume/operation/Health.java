package io.migratekit.volume.operation;

import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.DaemonHealth.Check;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.backend.VolumeBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;

/** Looks at what the daemon needs, each time that it is asked. */
final class Health {
    private final Workshop workshop;
    private final Comparison comparison;

    Health(Workshop workshop, Comparison comparison) {
        this.workshop = workshop;
        this.comparison = comparison;
    }

    DaemonHealth look(int underWay) {
        List<Check> checks = new ArrayList<>();
        checks.add(check("database", this::database));
        for (VolumeBackend backend : workshop.backends().all()) {
            checks.add(check("back end " + backend.name(), backend::check));
        }
        checks.add(check("export engine " + workshop.engine().name(), workshop.engine()::check));
        checks.add(check("exports", this::exports));
        checks.add(check("differences", comparison::check));
        checks.add(check("operations", () -> operations(underWay)));
        return DaemonHealth.of(checks);
    }

    private static Check check(String name, Supplier<String> look) {
        long beganNanos = System.nanoTime();
        String seen;
        boolean passed = true;
        try {
            seen = look.get();
        } catch (VolumeException | DataAccessException e) {
            seen = String.valueOf(e.getMessage());
            passed = false;
        }
        return new Check(name, passed, seen, (System.nanoTime() - beganNanos) / 1_000_000);
    }

    private String database() {
        return "%d operations in the journal have failed"
                .formatted(workshop.ledger().operations().count(OperationStatus.FAILED));
    }

    private String exports() {
        Set<ExportName> served = workshop.engine().names();
        List<String> missing = workshop.ledger().exports().open().stream()
                .filter(export -> export.state() == VolumeExport.State.ACTIVE)
                .map(VolumeExport::name)
                .filter(name -> !served.contains(name))
                .map(ExportName::toString)
                .toList();
        if (!missing.isEmpty()) {
            throw new VolumeException(
                    VolumeException.Kind.FAILED,
                    "%d exports are not served: %s; they are served again within seconds, else the log says what is in the way"
                            .formatted(
                                    missing.size(),
                                    String.join(", ", missing.subList(0, Math.min(5, missing.size())))));
        }
        return "%d are served".formatted(served.size());
    }

    private String operations(int underWay) {
        long unfinished = workshop.ledger().operations().count(OperationStatus.PENDING)
                + workshop.ledger().operations().count(OperationStatus.EXECUTING);
        if (unfinished > underWay) {
            throw new VolumeException(
                    VolumeException.Kind.FAILED,
                    "%d operations have not ended, but only %d are at work; the log says why the others stopped, and a restart of the daemon takes them up"
                            .formatted(unfinished, underWay));
        }
        return "%d under way".formatted(underWay);
    }
}
