package io.migratekit.source.vcenter.task;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.TaskInfo;
import com.vmware.vim25.TaskInfoState;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.VimCall;
import io.migratekit.source.vcenter.soap.VimFault;
import java.time.Duration;
import java.util.function.Predicate;
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
     * Starts a task that must not be started twice, and waits for its end.
     *
     * @param what it is for, as the end of "vCenter cannot …"
     * @return its result, if it has one
     * @throws VimFault if it could not be started, or failed
     */
    public @Nullable Object once(String what, VimCall<ManagedObjectReference> start) throws SourceException, VimFault {
        return await(what, session.order(what, start));
    }

    /** Does the same with one that may be started again when nobody knows whether it was. */
    public @Nullable Object again(String what, VimCall<ManagedObjectReference> start) throws SourceException, VimFault {
        return await(what, session.attempt(what, start));
    }

    private @Nullable Object await(String what, ManagedObjectReference task) throws SourceException, VimFault {
        long endNanos = System.nanoTime() + session.limits().taskTimeout().toNanos();
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            TaskInfo info = info(what, task);
            if (info.getState() == TaskInfoState.success) {
                return info.getResult();
            }
            if (info.getState() == TaskInfoState.error) {
                throw VimFault.of(info.getError());
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

    private TaskInfo info(String what, ManagedObjectReference task) throws SourceException {
        return session.ask("say how far it is to " + what, vim -> QUESTION.ask(vim, task))
                .get("info", TaskInfo.class)
                .orElseThrow(() ->
                        new SourceException.Unavailable("vCenter %s does not know its task %s any more, which was to %s"
                                .formatted(session.where(), task.getVal(), what)));
    }

    /** A look at how things are. */
    @FunctionalInterface
    public interface Look<T> {
        /** Looks. */
        T now() throws SourceException;
    }

    /**
     * Looks again and again until things are as wanted, or for so long.
     *
     * @param what it is for, as the end of "vCenter cannot …"
     * @return the last look, wanted or not
     */
    public <T> T look(String what, Duration longest, Look<T> look, Predicate<T> wanted) throws SourceException {
        long beganNanos = System.nanoTime();
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            T seen = look.now();
            if (wanted.test(seen) || System.nanoTime() - beganNanos > longest.toNanos()) {
                return seen;
            }
            sleep(what, pause);
        }
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
