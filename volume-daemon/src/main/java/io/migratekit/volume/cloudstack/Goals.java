package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.cloudstack.api.ApiReply;
import io.migratekit.volume.cloudstack.api.AsyncJobs;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import io.migratekit.volume.cloudstack.api.JobEnd;
import io.migratekit.volume.cloudstack.api.Patience;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Reaches goals in the cloud so that a call which was cut anywhere can be repeated. The id of a job is remembered as soon
 * as it is known, and a repeated call waits for that job. Where it is not known, because a reply was lost, or is of no
 * use, because CloudStack has forgotten the job or it failed, only what is really there counts.
 */
final class Goals {
    private static final int PAUSE_GROWTH_MAX = 10;

    private final CloudStackClient client;
    private final AsyncJobs jobs;
    private final Duration pollInterval;
    private final Duration operationTimeout;
    private final Duration requestTimeout;
    private final Clock clock;

    Goals(CloudStackClient client, CloudStackSettings settings, Clock clock) {
        this(client, settings.pollInterval(), settings.operationTimeout(), settings.requestTimeout(), clock);
    }

    private Goals(
            CloudStackClient client,
            Duration pollInterval,
            Duration operationTimeout,
            Duration requestTimeout,
            Clock clock) {
        this.client = client;
        this.pollInterval = pollInterval;
        this.operationTimeout = operationTimeout;
        this.requestTimeout = requestTimeout;
        this.clock = clock;
        this.jobs = new AsyncJobs(client, pollInterval, operationTimeout);
    }

    /** Returns the same with another patience. */
    Goals within(Duration timeout) {
        return new Goals(client, pollInterval, timeout, requestTimeout, clock);
    }

    /**
     * Makes it so, and returns what the last look showed.
     *
     * @throws VolumeException as {@link io.migratekit.volume.backend.VolumeBackend} has it
     */
    <T> T reach(Goal<T> goal, StepMemory memory) {
        Optional<String> job = remembered(memory, jobKey(goal));
        Optional<T> there = job.isPresent() ? finish(goal, job.get(), memory) : settled(goal);
        return there.or(() -> afterDoubt(goal, memory)).orElseGet(() -> ask(goal, memory));
    }

    /**
     * Does what leaves no trace that could be looked at, by believing the end of its job. Done once for a memory; if the
     * job's id was lost it is done again, so it must do no harm twice.
     */
    void believe(String step, String what, ApiCommand command, StepMemory memory) {
        String doneKey = step + ".done";
        if (memory.get(doneKey).isPresent()) {
            return;
        }
        Goal<String> done = Goal.of(step, what, command, () -> Look.not(false));
        Optional<String> job = remembered(memory, jobKey(done));
        if (job.isEmpty() || !succeeded(done, job.get(), memory)) {
            String asked = client.call(command).path("jobid").asString("");
            memory.put(jobKey(done), asked);
            if (!succeeded(done, asked, memory)) {
                throw untrue(done, "job " + asked);
            }
        }
        memory.put(doneKey, "yes");
    }

    /** Returns false if CloudStack has forgotten the job. */
    private boolean succeeded(Goal<?> goal, String job, StepMemory memory) {
        JobEnd end = jobs.await(goal.command().name(), job);
        if (!(end instanceof JobEnd.Succeeded)) {
            memory.put(jobKey(goal), "");
        }
        if (end instanceof JobEnd.Failed failed) {
            throw failed.failure().explained();
        }
        return end instanceof JobEnd.Succeeded;
    }

    /**
     * Waits for a job; empty if what it was to do is not so and it has not failed: it is forgotten, or has done it and
     * that was undone since.
     */
    private <T> Optional<T> finish(Goal<T> goal, String job, StepMemory memory) {
        JobEnd end = jobs.await(goal.command().name(), job);
        // Whatever the end is, a further repetition must not wait for the same job: it looks, and asks anew.
        if (end instanceof JobEnd.Failed failed) {
            Optional<T> there = goal.look().get().reached();
            forgetAsked(goal, memory);
            memory.put(jobKey(goal), "");
            return Optional.of(there.orElseThrow(() -> failed.failure().explained()));
        }
        Optional<T> there = settled(goal);
        memory.put(jobKey(goal), "");
        return there;
    }

    /**
     * A request whose reply was lost may still be on its way, or at work in a server that is slow: it has as long again
     * as its reply was waited for. Until then, look, for asking again might make a second one.
     */
    private <T> Optional<T> afterDoubt(Goal<T> goal, StepMemory memory) {
        Optional<String> asked = goal.creates() ? remembered(memory, askedKey(goal.step())) : Optional.empty();
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        Patience patience = Patience.of(doubtLeft(asked.get()), pollInterval, PAUSE_GROWTH_MAX);
        Optional<T> there = Optional.empty();
        while (there.isEmpty() && patience.pause()) {
            there = settled(goal);
        }
        return there;
    }

    /**
     * Waits until nothing that was asked for in a step can happen any more: its job has ended, or a request whose reply
     * was lost has had its time. Who takes the step back must not do so while it may still happen.
     *
     * @throws VolumeException of kind UNAVAILABLE if the job does not end
     */
    void outwait(String step, StepMemory memory) {
        Optional<String> job = remembered(memory, jobKey(step));
        if (job.isPresent()) {
            jobs.await(step, job.get());
            memory.put(jobKey(step), "");
        }
        Optional<String> asked = remembered(memory, askedKey(step));
        if (asked.isPresent()) {
            Patience patience = Patience.of(doubtLeft(asked.get()), pollInterval, PAUSE_GROWTH_MAX);
            while (patience.pause()) {
                // nothing to look at: only time tells
            }
            memory.put(askedKey(step), "");
        }
    }

    private Duration doubtLeft(String askedMillis) {
        Duration doubt = requestTimeout.multipliedBy(2);
        Instant end = Instant.ofEpochMilli(Long.parseLong(askedMillis)).plus(doubt);
        Duration left = Duration.between(Instant.now(clock), end);
        return left.compareTo(doubt) > 0 ? doubt : left; // the clock may have been put back
    }

    private <T> T ask(Goal<T> goal, StepMemory memory) {
        if (goal.traced()) {
            memory.put(askedKey(goal.step()), Long.toString(clock.millis()));
        }
        ApiReply reply = client.ask(goal.command());
        if (reply instanceof ApiReply.Refusal refusal) {
            return refused(goal, refusal, memory);
        }
        if (reply instanceof ApiReply.Silence silence && !silence.mayHaveArrived()) {
            forgetAsked(goal, memory);
        }
        JsonNode content = reply.orThrow();
        String job = content.path("jobid").asString("");
        if (job.isEmpty()) {
            forgetAsked(goal, memory);
            return settled(goal).orElseThrow(() -> untrue(goal, goal.command().name()));
        }
        memory.put(jobKey(goal), job);
        forgetAsked(goal, memory); // after its job is known: one of the two always is
        return finish(goal, job, memory).orElseThrow(() -> untrue(goal, "job " + job));
    }

    /** An earlier try whose reply was lost may have done it, and be the very reason for the refusal. */
    private <T> T refused(Goal<T> goal, ApiReply.Refusal refusal, StepMemory memory) {
        forgetAsked(goal, memory);
        Optional<T> there = refusal.failure().perhapsDone() ? settled(goal) : Optional.empty();
        return there.orElseThrow(() -> refusal.failure().explained());
    }

    private <T> Optional<T> settled(Goal<T> goal) {
        return settled(goal.what(), goal.look());
    }

    /**
     * Looks until the cloud is not changing it any more.
     *
     * @throws VolumeException of kind UNAVAILABLE if that takes too long
     */
    <T> Optional<T> settled(String what, Supplier<Look<T>> look) {
        Patience patience = Patience.of(operationTimeout, pollInterval, PAUSE_GROWTH_MAX);
        Look<T> last = look.get();
        while (last.underway()) {
            if (!patience.pause()) {
                throw new VolumeException(
                        Kind.UNAVAILABLE,
                        "%s has been changing something for %d ms, and it is not so yet that %s; it goes on there"
                                .formatted(client.host(), operationTimeout.toMillis(), what));
            }
            last = look.get();
        }
        return last.reached();
    }

    private <T> VolumeException untrue(Goal<T> goal, String who) {
        return new VolumeException(
                Kind.FAILED,
                "%s of %s has ended, and yet it is not so that %s; look at CloudStack's events, then try again"
                        .formatted(who, client.host(), goal.what()));
    }

    private static <T> void forgetAsked(Goal<T> goal, StepMemory memory) {
        if (goal.traced()) {
            memory.put(askedKey(goal.step()), "");
        }
    }

    /** A memory keeps what is put; empty stands for nothing. */
    private static Optional<String> remembered(StepMemory memory, String key) {
        return memory.get(key).filter(value -> !value.isEmpty());
    }

    private static String jobKey(Goal<?> goal) {
        return jobKey(goal.step());
    }

    private static String jobKey(String step) {
        return step + ".job";
    }

    private static String askedKey(String step) {
        return step + ".asked";
    }
}
