package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.OptionValue;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.soap.VimFault;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far back the events of a vCenter reach, which is a setting of it.
 *
 * @param kept how long they are kept; empty if for ever
 * @param known whether the vCenter told so
 */
record EventReach(Optional<Duration> kept, boolean known) {
    private static final String DAYS = "event.maxAge";
    private static final String LIMITED = "event.maxAgeEnabled";

    /**
     * The shortest time that can be set is a day; with two hours more, which the daily clearing takes as well, nightly
     * replications need not be full ones where the setting cannot be read.
     */
    private static final Duration LEAST = Duration.ofHours(26);

    static EventReach of(VCenterSession session) throws SourceException {
        return of(option(session, LIMITED, Boolean.class), option(session, DAYS, Number.class));
    }

    static EventReach of(Optional<Boolean> limited, Optional<Number> days) {
        if (limited.equals(Optional.of(false))) {
            return new EventReach(Optional.empty(), true);
        }
        return days.map(number -> new EventReach(Optional.of(Duration.ofDays(number.longValue())), true))
                .orElseGet(() -> new EventReach(Optional.of(LEAST), false));
    }

    /** Returns why the events since a moment may not all be there; empty if they are. */
    Optional<String> doubt(Instant moment, Instant now) {
        return kept.filter(duration -> moment.isBefore(now.minus(duration)))
                .map(duration -> known
                        ? "keeps its events for %d days only, so it cannot tell whether the machine was reverted since"
                                .formatted(duration.toDays())
                        : "does not tell for how long it keeps events, and after %d hours they may be gone, with those of a revert; give the user the right to read its settings"
                                .formatted(duration.toHours()));
    }

    private static <T> Optional<T> option(VCenterSession session, String key, Class<T> type) throws SourceException {
        OptionValue[] found;
        try {
            found = session.attempt(
                    "tell how long it keeps events",
                    vim -> vim.api().queryOptions(vim.content().getSetting(), key));
        } catch (VimFault e) {
            return Optional.empty();
        }
        return Stream.of(found == null ? new OptionValue[0] : found)
                .filter(option -> key.equals(option.getKey()))
                .map(OptionValue::getValue)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
