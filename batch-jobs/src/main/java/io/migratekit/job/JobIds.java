package io.migratekit.job;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Makes job ids that read {@code job-YYYYMMDD-HHMMSS.mmm-<6 hex>} (UTC); the tail keeps two of one moment apart. */
public final class JobIds {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);

    private final Clock clock;
    private final RandomGenerator random;

    public JobIds(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Returns an id that was not used before. */
    public String next() {
        String tail = HexFormat.of().toHexDigits(random.nextInt(1 << 24), 6);
        return "job-%s-%s".formatted(MOMENT.format(clock.instant()), tail);
    }
}
