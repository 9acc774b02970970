package io.migratekit.source.vcenter.task;

import com.vmware.vim25.ManagedObjectNotFound;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.TaskInProgress;
import com.vmware.vim25.TaskInfo;
import com.vmware.vim25.TaskInfoState;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VimCall;
import io.migratekit.source.vcenter.soap.VimFault;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts tasks of vCenter and waits for them, through ended sessions and restarts. */
public final class Tasks {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private static final PropertyQuestion QUESTION = new PropertyQuestion().of("Task", "info");

    private final VCenterSession session;

    public Tasks(VCenterSession session) {
        this.session = session;
    }

    /**
     * Starts a task that must not be started twice, and waits for its end. One that was refused because another task is
     * in progress was not begun, and is started again when that one has ended.
     *
     * @param what it is for, as the end of "vCenter cannot …"
     * @return its result, if it has one
     * @throws SourceException.Unavailable also if nobody knows whether it was started, or how it ended
     * @throws VimFault if it could not be started, or failed
     */
    public @Nullable Object once(String what, VimCall<ManagedObjectReference> start) throws SourceException, VimFault {
        return orBusy(
                what,
                () -> await(what, session.order(what, start))
                        .orElseThrow(() -> forgotten(what))
                        .value());
    }

    /** Does the same with one that may be started again when nobody knows whether it was, or how it ended. */
    public @Nullable Object again(String what, VimCall<ManagedObjectReference> start) throws SourceException, VimFault {
        return orBusy(what, () -> {
            Optional<Ended> first = await(what, session.attempt(what, start));
            if (first.isPresent()) {
                return first.get().value();
            }
            return await(what, session.attempt(what, start))
                    .orElseThrow(() -> forgotten(what))
                    .value();
        });
    }

    private SourceException forgotten(String what) {
        return new SourceException.Unavailable(
                "vCenter %s was to %s, and does not know that task any more, so nobody knows how it ended"
                        .formatted(session.where(), what));
    }

    private interface Attempt {
        @Nullable
        Object make() throws SourceException, VimFault;
    }

    private @Nullable Object orBusy(String what, Attempt attempt) throws SourceException, VimFault {
        long endNanos = System.nanoTime() + session.limits().outageMax().toNanos();
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                return attempt.make();
            } catch (VimFault e) {
                if (!e.is(TaskInProgress.class) || System.nanoTime() > endNanos) {
                    throw e;
                }
                sleep(what, pause);
            }
        }
    }

    /** The end of a task, with its result if it has one. */
    private record Ended(@Nullable Object value) {}

    /** Waits for the end of a task; empty if vCenter forgot it meanwhile, as in a restart. */
    private Optional<Ended> await(String what, ManagedObjectReference task) throws SourceException, VimFault {
        long endNanos = System.nanoTime() + session.limits().taskTimeout().toNanos();
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            Optional<TaskInfo> info = info(what, task);
            if (info.isEmpty()) {
                return Optional.empty();
            }
            if (info.get().getState() == TaskInfoState.success) {
                return Optional.of(new Ended(info.get().getResult()));
            }
            if (info.get().getState() == TaskInfoState.error) {
                throw VimFault.of(info.get().getError());
            }
            if (System.nanoTime() > endNanos) {
                throw new SourceException.Unavailable(
                        "vCenter %s has not managed to %s within %s; its task %s goes on, see its task list"
                                .formatted(
                                        session.where(), what, session.limits().taskTimeout(), task.getVal()));
            }
            sleep(what, pause);
        }
    }

    private Optional<TaskInfo> info(String what, ManagedObjectReference task) throws SourceException {
        String question = "say how far it is to " + what;
        try {
            return session.attempt(question, vim -> QUESTION.ask(vim, task)).get("info", TaskInfo.class);
        } catch (VimFault e) {
            if (e.is(ManagedObjectNotFound.class)) { // the task, not what it works on
                return Optional.empty();
            }
            throw session.explained(question, e);
        }
    }

    /** Tells whether tasks of a name run or wait on an object, as in createSnapshot; as far as the user may see them. */
    public boolean runs(ManagedObjectReference object, String name) throws SourceException {
        String question = "list the tasks of " + object.getVal();
        ManagedObjectReference[] recent = session.ask(
                        question,
                        vim -> new PropertyQuestion()
                                .of(object.getType(), "recentTask")
                                .ask(vim, object))
                .get("recentTask", ManagedObjectReference[].class)
                .orElseGet(() -> new ManagedObjectReference[0]);
        for (ManagedObjectReference task : recent) {
            if (info(question, task).filter(info -> runs(info, name)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static boolean runs(TaskInfo info, String name) {
        String kind = String.valueOf(info.getDescriptionId()).toLowerCase(Locale.ROOT);
        return (info.getState() == TaskInfoState.running || info.getState() == TaskInfoState.queued)
                && kind.endsWith(name.toLowerCase(Locale.ROOT));
    }

    private void sleep(String what, Duration pause) throws SourceException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException.Unavailable(
                    "interrupted while vCenter %s was to %s".formatted(session.where(), what), e);
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }
}
