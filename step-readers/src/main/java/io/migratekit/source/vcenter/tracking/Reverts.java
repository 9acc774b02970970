package io.migratekit.source.vcenter.tracking;

import com.vmware.vim25.Event;
import com.vmware.vim25.EventEx;
import com.vmware.vim25.EventFilterSpec;
import com.vmware.vim25.EventFilterSpecByEntity;
import com.vmware.vim25.EventFilterSpecByTime;
import com.vmware.vim25.EventFilterSpecRecursionOption;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.TaskEvent;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.Vim;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks in a vCenter's events for reverts of a machine to a snapshot: afterwards change ids of before are on another
 * branch, and questions between the two are answered without an error and wrongly.
 */
final class Reverts {
    private static final String REVERTED = "com.vmware.vc.vm.VmStateRevertedToSnapshot";

    /** vCenter leaves out older events beyond this many (vSphere Web Services API, QueryEvents). */
    private static final int ANSWER_MAX = 1000;

    private final VCenterSession session;
    private final ManagedObjectReference machine;

    Reverts(VCenterSession session, ManagedObjectReference machine) {
        this.session = session;
        this.machine = machine;
    }

    /**
     * Returns why nothing can be said of the time since a moment: a revert, or events that do not reach back so far.
     * Empty if the machine was not reverted.
     */
    Optional<String> doubt(Instant moment) throws SourceException {
        Optional<String> gone = EventReach.of(session).doubt(moment, session.now());
        if (gone.isPresent()) {
            return Optional.of("vCenter %s %s".formatted(session.where(), gone.get()));
        }
        return session.ask("list the events of " + machine.getVal(), vim -> look(vim, moment));
    }

    private Optional<String> look(Vim vim, Instant moment) throws IOException {
        EventFilterSpecByEntity subject = new EventFilterSpecByEntity();
        subject.setEntity(machine);
        subject.setRecursion(EventFilterSpecRecursionOption.self);
        EventFilterSpecByTime time = new EventFilterSpecByTime();
        time.setBeginTime(GregorianCalendar.from(moment.atZone(ZoneOffset.UTC)));
        EventFilterSpec filter = new EventFilterSpec();
        filter.setEntity(subject);
        filter.setTime(time);
        filter.setEventTypeId(new String[] {REVERTED, "TaskEvent"});
        Event[] events = vim.api().queryEvents(vim.content().getEventManager(), filter);
        return doubt(events == null ? new Event[0] : events, moment);
    }

    static Optional<String> doubt(Event[] events, Instant moment) {
        Optional<Instant> reverted = Arrays.stream(events)
                .filter(Reverts::tellsOfARevert)
                .map(event -> event.getCreatedTime().toInstant())
                .filter(at -> at.isAfter(moment))
                .min(Instant::compareTo);
        if (reverted.isEmpty() && events.length >= ANSWER_MAX) {
            return Optional.of(
                    "the machine had more tasks than vCenter tells of (%d), and a revert may be among the others"
                            .formatted(events.length));
        }
        return reverted.map(at -> "the machine was reverted to a snapshot at " + at);
    }

    private static boolean tellsOfARevert(Event event) {
        if (event instanceof EventEx named) {
            return REVERTED.equals(named.getEventTypeId());
        }
        return event instanceof TaskEvent task
                && task.getInfo() != null
                && task.getInfo().getDescriptionId() != null
                && task.getInfo().getDescriptionId().toLowerCase(Locale.ROOT).contains("revert");
    }
}
