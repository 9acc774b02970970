package io.migratekit.job.replication;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.OptimisticLockingFailureException;

/**
 * The repository of range steps: what it stores of a step is stored again where the database lost the connection, rolled
 * one statement back or was away for seconds. All of it may be repeated: a cursor is stored whole, and the step belongs to
 * whoever holds the machine's lease. Once it was in vain nothing more is waited for.
 */
final class PatientCommits implements InvocationHandler {
    private static final Logger LOG = LoggerFactory.getLogger(PatientCommits.class);

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** About three seconds: long enough for a lost connection, much shorter than a lease lasts. */
    private static final List<Duration> PAUSES = List.of(
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(400),
            Duration.ofMillis(800),
            Duration.ofMillis(1600));

    private final JobRepository repository;
    private final Runnable beforeAnotherTry;
    private final List<Duration> pauses;
    private volatile boolean vain;

    private PatientCommits(JobRepository repository, Runnable beforeAnotherTry, List<Duration> pauses) {
        this.repository = repository;
        this.beforeAnotherTry = beforeAnotherTry;
        this.pauses = pauses;
    }

    /**
     * Returns a repository for the step of one range.
     *
     * @param beforeAnotherTry fails where nothing may be stored any more, since the lease is lost
     */
    static JobRepository of(JobRepository repository, Runnable beforeAnotherTry) {
        return of(repository, beforeAnotherTry, PAUSES);
    }

    static JobRepository of(JobRepository repository, Runnable beforeAnotherTry, List<Duration> pauses) {
        return (JobRepository) Proxy.newProxyInstance(
                JobRepository.class.getClassLoader(),
                new Class<?>[] {JobRepository.class},
                new PatientCommits(repository, beforeAnotherTry, pauses));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (arguments != null
                && arguments.length == 1
                && arguments[0] instanceof StepExecution step
                && method.getName().startsWith("update")) {
            store(method, step);
            return null;
        }
        return call(method, arguments);
    }

    private void store(Method method, StepExecution step) throws Throwable {
        long untilNanos = System.nanoTime() + PATIENCE.toNanos();
        for (int tried = 0; ; tried++) {
            try {
                call(method, new Object[] {step});
                return;
            } catch (RuntimeException e) {
                boolean stale = tried > 0 && e instanceof OptimisticLockingFailureException;
                boolean late = System.nanoTime() - untilNanos > 0; // each try may wait for a connection
                if (vain || late || tried >= pauses.size() || !(stale || mayPass(e))) {
                    vain = true;
                    throw e;
                }
                LOG.warn("{} of {} failed and is tried again", method.getName(), step.getStepName(), e);
                pause(pauses.get(tried), e);
                checkAnotherTry(e);
                if (stale) {
                    readVersion(step);
                }
            }
        }
    }

    /** What the database said tells a person more than that the lease was lost because of it. */
    private void checkAnotherTry(RuntimeException why) {
        try {
            beforeAnotherTry.run();
        } catch (RuntimeException e) {
            vain = true;
            why.addSuppressed(e);
            throw why;
        }
    }

    /** An answer that was lost may have been a yes, or a no after the version had been counted. */
    private void readVersion(StepExecution step) {
        StepExecution stored = repository.getStepExecution(step.getId());
        Integer version = stored == null ? null : stored.getVersion();
        if (version != null) {
            step.setVersion(version);
        }
    }

    private static boolean mayPass(RuntimeException failure) {
        return Explain.isDatabase(failure)
                && !(failure instanceof OptimisticLockingFailureException
                        || failure instanceof DataIntegrityViolationException
                        || failure instanceof InvalidDataAccessResourceUsageException);
    }

    private static void pause(Duration pause, RuntimeException why) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(repository, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
