package io.migratekit.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How vCenters are asked ({@code migratekit.vcenter}).
 *
 * @param fullCopy what a full copy of a disk reads
 * @param connectTimeout until a connection is there, 1 s to 10 min
 * @param answerTimeout from the beginning of a call to the end of its answer, 1 s to 1 h
 * @param outage how long a job waits for a vCenter that is away, as while it restarts, 0 to 24 h
 * @param taskTimeout how long a task of vCenter may run, 1 min to 7 days: consolidating big disks takes hours
 */
public record Vcenter(
        @DefaultValue("auto") FullCopy fullCopy,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("3m") Duration answerTimeout,
        @DefaultValue("10m") Duration outage,
        @DefaultValue("6h") Duration taskTimeout) {

    /** What a full copy of a disk reads. */
    public enum FullCopy {
        /** What vSphere says is allocated where that is known to be right, else every byte. */
        AUTO,
        /** Every byte. */
        WHOLE,
        /** What vSphere says is allocated, wherever it says anything; a wrong answer of vSphere would lose data. */
        ALLOCATED
    }

    public Vcenter {
        Range.of("migratekit.vcenter.connect-timeout")
                .between(connectTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
        Range.of("migratekit.vcenter.answer-timeout")
                .between(answerTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
        Range.of("migratekit.vcenter.outage").between(outage, Duration.ZERO, Duration.ofHours(24));
        Range.of("migratekit.vcenter.task-timeout").between(taskTimeout, Duration.ofMinutes(1), Duration.ofDays(7));
    }
}
