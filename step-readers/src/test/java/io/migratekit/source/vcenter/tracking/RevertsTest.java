package io.migratekit.source.vcenter.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.Event;
import com.vmware.vim25.EventEx;
import com.vmware.vim25.TaskEvent;
import com.vmware.vim25.TaskInfo;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.GregorianCalendar;
import org.junit.jupiter.api.Test;

final class RevertsTest {
    private static final Instant MOMENT = Instant.parse("2026-11-26T23:10:05Z");

    @Test
    void areToldByEventsAndByTasksAfterTheMoment() {
        assertThat(Reverts.doubt(new Event[] {named("com.vmware.vc.vm.VmStateRevertedToSnapshot", 1)}, MOMENT))
                .get()
                .asString()
                .contains("reverted to a snapshot at 2026-11-26T23:10:06Z");
        assertThat(Reverts.doubt(new Event[] {task("VirtualMachine.revertToCurrentSnapshot", 1)}, MOMENT))
                .isPresent();
    }

    @Test
    void areNotWhatCameBeforeOrIsSomethingElse() {
        assertThat(Reverts.doubt(
                        new Event[] {
                            named("com.vmware.vc.vm.VmStateRevertedToSnapshot", -1),
                            named("com.vmware.vc.vm.VmStateFailedToRevertToSnapshot", 1),
                            task("VirtualMachine.createSnapshot", 1)
                        },
                        MOMENT))
                .isEmpty();
    }

    @Test
    void mayBeAmongTheEventsThatAreLeftOut() {
        Event[] many = new Event[1000];
        Arrays.fill(many, task("VirtualMachine.createSnapshot", 1));

        assertThat(Reverts.doubt(many, MOMENT)).get().asString().contains("more tasks than vCenter tells of");
    }

    private static Event named(String type, int seconds) {
        EventEx event = new EventEx();
        event.setEventTypeId(type);
        return at(event, seconds);
    }

    private static Event task(String description, int seconds) {
        TaskInfo info = new TaskInfo();
        info.setDescriptionId(description);
        TaskEvent event = new TaskEvent();
        event.setInfo(info);
        return at(event, seconds);
    }

    private static Event at(Event event, int seconds) {
        event.setCreatedTime(GregorianCalendar.from(MOMENT.plusSeconds(seconds).atZone(ZoneOffset.UTC)));
        return event;
    }
}
