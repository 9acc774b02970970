package io.migratekit.volume.cloudstack;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The asynchronous jobs of {@link CloudServer}; each works when it is due, at the next request. */
final class CloudJobs {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, Job> jobs = new LinkedHashMap<>();
    Duration delay = Duration.ofMillis(3);
    boolean held;

    private static final class Job {
        final String command;
        final Supplier<ObjectNode> work;
        final long dueNanos;
        final @Nullable Fault fault;
        int status;
        int code;
        ObjectNode result = JSON.createObjectNode();

        Job(String command, Supplier<ObjectNode> work, long dueNanos, @Nullable Fault fault) {
            this.command = command;
            this.work = work;
            this.dueNanos = dueNanos;
            this.fault = fault;
        }
    }

    String add(String command, Supplier<ObjectNode> work, Optional<Fault> fault) {
        String id = UUID.randomUUID().toString();
        jobs.put(id, new Job(command, work, System.nanoTime() + delay.toNanos(), fault.orElse(null)));
        return id;
    }

    /** Does what is due. */
    void advance() {
        for (Job job : jobs.values()) {
            if (!held && job.status == 0 && System.nanoTime() - job.dueNanos >= 0) {
                work(job);
            }
        }
        jobs.values().removeIf(job -> job.fault instanceof Fault.JobForgotten && job.status != 0);
    }

    private static void work(Job job) {
        if (job.fault instanceof Fault.JobHangs) {
            return;
        }
        if (job.fault instanceof Fault.JobStatus odd) {
            job.status = odd.status();
        } else if (job.fault instanceof Fault.JobLies) {
            job.status = 1;
        } else if (job.fault instanceof Fault.JobFails failure) {
            if (failure.done()) {
                finish(job);
            }
            fail(job, failure.code(), failure.text());
        } else {
            finish(job);
        }
    }

    private static void finish(Job job) {
        try {
            job.result = job.work.get();
            job.status = 1;
        } catch (CloudError e) {
            // What a service refuses within a job is an internal error by the time it is told.
            fail(job, e.code == 431 ? 530 : e.code, e.text());
        }
    }

    private static void fail(Job job, int code, String text) {
        job.status = 2;
        job.code = code;
        job.result = JSON.createObjectNode().put("errorcode", code).put("errortext", text);
    }

    ObjectNode query(String id) {
        Job job = jobs.get(id);
        if (job == null) {
            throw CloudError.unknown("jobid", id);
        }
        ObjectNode answer = JSON.createObjectNode()
                .put("cmd", "org.apache.cloudstack.api.command." + job.command)
                .put("jobstatus", job.status)
                .put("jobprocstatus", 0)
                .put("jobresultcode", job.code)
                .put("jobid", id);
        if (job.status != 0) {
            answer.put("jobresulttype", "object").set("jobresult", job.result);
        }
        return answer;
    }

    void forgetAll() {
        jobs.clear();
    }
}
