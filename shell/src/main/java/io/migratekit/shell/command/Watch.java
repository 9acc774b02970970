package io.migratekit.shell.command;

import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.operation.JobHandle;
import io.migratekit.job.operation.Replications;
import io.migratekit.job.replication.Explain;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.shell.home.Report;
import io.migratekit.shell.screen.ProgressBoard;
import io.migratekit.shell.screen.ProgressBoard.Bar;
import io.migratekit.shell.screen.ProgressBoard.Headline;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/** Stays with a replication that this process runs: shows it, stops it when interrupted, tells how it ended. */
final class Watch {
    /** The title of a one-off copy, which has no VM to be named after. */
    static final String COPY = "copy";

    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final Duration RECORD_LOOK = Duration.ofMillis(20);
    private static final long EVENTS_NANOS = Duration.ofSeconds(1).toNanos();

    private final Replications replications;
    private final Screen screen;
    private final String title;
    private long eventsAfter;
    private long eventsDueNanos = System.nanoTime();
    private boolean databaseAway;

    Watch(Replications replications, Screen screen, String title) {
        this.replications = replications;
        this.screen = screen;
        this.title = title;
    }

    Result untilItEnds(JobHandle<ReplicationResult, ReplicationProgress> handle, Interrupt interrupt)
            throws InterruptedException {
        report(handle);
        screen.say(
                Style.FAINT,
                "%s %s".formatted(handle.jobId(), handle.resumed() ? "goes on from its last commit" : "started"));
        interrupt.tell(new Stop(handle));
        try (ProgressBoard board = new ProgressBoard(screen)) {
            while (!handle.awaitEnd(REDRAW)) {
                handle.progress().ifPresent(progress -> show(progress, board));
                events(handle.jobId(), board);
            }
            eventsDueNanos = System.nanoTime();
            events(handle.jobId(), board);
        }
        return ended(handle);
    }

    /** Whoever is told of the job may stop or follow it at once: by then its record says that it is at work, or ended. */
    private void report(JobHandle<ReplicationResult, ReplicationProgress> handle) throws InterruptedException {
        Report report = Report.ofThisProcess();
        if (report.wanted()) {
            while (!isAtWork(handle.jobId()) && !handle.awaitEnd(RECORD_LOOK)) {
                // a restart takes its first steps
            }
            report.job(handle.jobId());
        }
    }

    private boolean isAtWork(String jobId) {
        try {
            return replications.find(jobId).status().active();
        } catch (DataAccessException e) {
            return true; // it cannot be told; the job itself finds out what that means
        }
    }

    private Result ended(JobHandle<ReplicationResult, ReplicationProgress> handle) throws InterruptedException {
        try {
            ReplicationResult result = handle.result();
            JobViews.tell(title, result, screen);
            boolean completed = JobStatus.of(result.status()) == JobStatus.COMPLETED;
            return new Result(completed ? ExitCode.DONE : ExitCode.INTERRUPTED, JobViews.object(result));
        } catch (JobException e) {
            return failed(handle.jobId(), e);
        }
    }

    private Result failed(String jobId, JobException thrown) {
        Failure failure = Failure.ofJob(thrown);
        screen.warn(screen.paint(Style.BAD, "error: ") + failure.message());
        Map<String, @Nullable Object> object = Result.object("jobId", jobId, "status", JobStatus.FAILED.text());
        try {
            ReplicationResult result = ReplicationResult.of(replications.find(jobId));
            object = JobViews.object(result);
            whatNext(result);
        } catch (DataAccessException e) {
            screen.say("What was committed stays; 'job recover' ends the job once the database answers.");
        }
        object.put("exitCode", failure.code().number());
        object.put("error", failure.message());
        return new Result(failure.code(), object);
    }

    private void whatNext(ReplicationResult result) {
        if (!JobStatus.of(result.status()).restartable()) {
            return;
        }
        boolean moved = result.bytesCopied() + result.bytesZeroed() + result.bytesSkipped() > 0;
        String again = title.equals(COPY) ? "the same command" : "'replicate restart %s'".formatted(result.jobId());
        screen.say(
                moved
                        ? "What was committed stays; %s goes on from there.".formatted(again)
                        : "Nothing was copied; %s tries again.".formatted(again));
    }

    private void show(ReplicationProgress progress, ProgressBoard board) {
        board.show(
                new Headline(
                        title,
                        progress.phase(),
                        progress.percent(),
                        progress.bytesCopied() + progress.bytesZeroed(),
                        progress.bytesPerSecond(),
                        progress.remaining()),
                progress.disks().stream()
                        .map(disk -> new Bar(disk.key(), disk.percent(), disk.bytesDone(), disk.bytesTotal()))
                        .toList());
    }

    /** Fallbacks, reconnects and lost snapshots must not pass unseen; ordinary events stay in the joblog. */
    private void events(String jobId, ProgressBoard board) {
        if (System.nanoTime() - eventsDueNanos < 0) {
            return;
        }
        eventsDueNanos = System.nanoTime() + EVENTS_NANOS;
        try {
            for (JobEvent event : replications.events(jobId, eventsAfter)) {
                eventsAfter = event.id();
                if (event.level() != JobEvent.Level.INFO) {
                    board.say(JobViews.style(event), event.code() + ": " + event.message());
                }
            }
            databaseAway = false;
        } catch (DataAccessException e) {
            // The job decides what that means for it; looking on must not end it.
            if (!databaseAway) {
                board.say(Style.WARN, "database: it does not answer: " + Explain.databaseMessage(e));
            }
            databaseAway = true;
        }
    }

    private record Stop(JobHandle<ReplicationResult, ReplicationProgress> handle) implements Interrupt.Listener {
        @Override
        public void stop() {
            handle.requestStop();
        }

        @Override
        public String waitingFor() {
            return "Job %s stops at its next commit, so that a restart has nothing to copy again."
                    .formatted(handle.jobId());
        }
    }
}
