package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.OptionValue;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.soap.VimFault;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** How far back the events of a vCenter reach, which is a setting of it. */
final class EventReach {
    private static final String DAYS = "event.maxAge";
    private static final String LIMITED = "event.maxAgeEnabled";

    /** As vCenter is set up, for users that may not see its settings. */
    private static final int USUAL_DAYS = 30;

    private EventReach() {}

    /** Returns how long events are kept; empty if for ever. */
    static Optional<Duration> of(VCenterSession session) throws SourceException {
        if (option(session, LIMITED, Boolean.class).equals(Optional.of(false))) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofDays(option(session, DAYS, Integer.class).orElse(USUAL_DAYS)));
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
