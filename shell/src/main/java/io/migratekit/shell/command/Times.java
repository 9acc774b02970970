package io.migratekit.shell.command;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Moments as a person reads them: local time to the second. JSON has them in UTC, ISO 8601. */
final class Times {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private Times() {}

    static String shown(Instant moment) {
        return FORMAT.format(moment);
    }

    static String shown(Optional<Instant> moment) {
        return moment.map(Times::shown).orElse("–");
    }
}
