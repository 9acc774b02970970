package io.migratekit.shell.vma;

import io.migratekit.shell.command.Result;
import io.migratekit.shell.home.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells anybody whether the API can do its work, without what only its users may know. vCenters are not asked. */
@RestController
final class HealthController {
    static final String HEALTH = VmaServer.ROOT + "/health";

    /** Anybody may ask, and looking reaches out to the database: it is not done more often than this. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final BooleanSupplier database;
    private final long startNanos = System.nanoTime();
    private boolean answers; // guarded by this
    private long lookedNanos = startNanos - LOOK_NANOS; // guarded by this

    /**
     * Makes one.
     *
     * @param database whether it answers
     */
    HealthController(BooleanSupplier database) {
        this.database = database;
    }

    @GetMapping(HEALTH)
    ResponseEntity<Map<String, @Nullable Object>> health() {
        boolean up = look();
        return ResponseEntity.status(up ? 200 : 503)
                .body(Result.object(
                        "status", up ? "up" : "down",
                        "version", Version.current(),
                        "uptime_seconds",
                                Duration.ofNanos(System.nanoTime() - startNanos).toSeconds(),
                        "checks", List.of(Result.object("name", "database", "passed", up))));
    }

    private synchronized boolean look() {
        if (System.nanoTime() - lookedNanos >= LOOK_NANOS) {
            answers = database.getAsBoolean();
            lookedNanos = System.nanoTime();
        }
        return answers;
    }
}
