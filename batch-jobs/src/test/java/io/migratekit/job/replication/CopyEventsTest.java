package io.migratekit.job.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.LedgerDatabase;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.joblog.JobLog;
import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class CopyEventsTest {
    private final JobLog jobLog = new JobLog(LedgerDatabase.h2().sql(), Clock.systemUTC());
    private long nanos;

    @Test
    void aLinkThatDropsAllTheTimeIsToldOfOnceInAWhile() {
        jobLog.begin("job-1", "replication", "VM 'far'", "context", "");
        CopyEvents events = new CopyEvents(jobLog, "job-1", UnaryOperator.identity(), "range 0", () -> nanos);
        for (int drop = 0; drop < 100; drop++) {
            events.reconnecting("target", "connection reset", 1);
            events.reconnected("target", 1);
            nanos += Duration.ofMillis(100).toNanos();
        }

        assertThat(jobLog.events("job-1", 0))
                .extracting(JobEvent::code)
                .containsExactly("reconnect", "reconnected", "reconnect", "reconnected");
        assertThat(jobLog.events("job-1", 0).get(2).message())
                .isEqualTo("range 0: the target is lost, attempt 1: connection reset; 49 more like it before");
    }
}
