package io.migratekit.volume.http;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What monitoring asks: whether the daemon is well, to anybody; figures for Prometheus, to who has the token. */
@RestController
final class StatusController {
    static final String HEALTH = "/health";
    static final String METRICS = "/metrics";

    private static final Logger LOG = LoggerFactory.getLogger(StatusController.class);

    /** Longer than looking takes where every back end answers. */
    private static final Duration FIRST_LOOK_MAX = Duration.ofSeconds(1);

    private final RecentHealth health;
    private final Measures measures;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    StatusController(Volumes volumes, Measures measures) {
        this.health = new RecentHealth(volumes::health, FIRST_LOOK_MAX, System::nanoTime);
        this.measures = measures;
        gauge("migratekit.volumes", "Volumes in the ledger", measures::volumes);
        gauge("migratekit.exports", "Exports that are served", measures::exports);
        gauge("migratekit.export.clients", "Clients connected to exports", measures::clients);
        gauge("migratekit.operations.queued", "Operations that have not ended", measures::underWay);
        gauge("migratekit.heartbeat.age.seconds", "Since the lease was renewed", measures::heartbeatAgeSeconds);
        for (OperationStatus status : OperationStatus.values()) {
            gauge(
                    "migratekit.operations",
                    "Operations in the journal",
                    Tags.of("status", status.name().toLowerCase(Locale.ROOT)),
                    () -> measures.operations(status));
        }
        for (String backend : measures.backends()) {
            Tags tags = Tags.of("backend", backend);
            gauge(
                    "migratekit.backend.free.bytes",
                    "What can still be written at the back end",
                    tags,
                    () -> measures.freeBytes(backend));
            gauge(
                    "migratekit.backend.volume.bytes",
                    "Sizes of its volumes together",
                    tags,
                    () -> measures.volumeBytes(backend));
        }
        new JvmMemoryMetrics().bindTo(registry);
    }

    /**
     * How the daemon is, without what only its users may know.
     *
     * @param status up or down
     * @param checks what was looked at
     */
    record Status(String status, List<Check> checks) {
        /** One thing that was looked at. */
        record Check(String name, boolean passed, long millis) {}
    }

    @GetMapping(HEALTH)
    ResponseEntity<Status> health() {
        DaemonHealth seen = health.get();
        List<Status.Check> checks = seen.checks().stream()
                .map(check -> new Status.Check(check.name(), check.passed(), check.millis()))
                .toList();
        return ResponseEntity.status(seen.healthy() ? 200 : 503)
                .body(new Status(seen.healthy() ? "up" : "down", checks));
    }

    @GetMapping(METRICS)
    ResponseEntity<String> metrics() {
        operationTimes();
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("text/plain;version=0.0.4;charset=utf-8"))
                .body(registry.scrape());
    }

    private void gauge(String name, String description, DoubleSupplier measure) {
        gauge(name, description, Tags.empty(), measure);
    }

    private void gauge(String name, String description, Tags tags, DoubleSupplier measure) {
        Gauge.builder(name, () -> measured(measure))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** A type of operation is known once one has ended; registering it again changes nothing. */
    private void operationTimes() {
        for (String type : measures.operationTypes()) {
            FunctionTimer.builder(
                            "migratekit.operation",
                            measures,
                            now -> now.operationsEnded(type),
                            now -> now.operationSeconds(type),
                            TimeUnit.SECONDS)
                    .description("How long operations took from their acceptance to their end")
                    .tag("type", type)
                    .register(registry);
        }
    }

    /** What cannot be measured now is told as such, and does not hide the rest. */
    private static double measured(DoubleSupplier measure) {
        try {
            return measure.getAsDouble();
        } catch (RuntimeException e) {
            LOG.warn("a figure cannot be measured: {}", e.getMessage());
            return Double.NaN;
        }
    }
}
