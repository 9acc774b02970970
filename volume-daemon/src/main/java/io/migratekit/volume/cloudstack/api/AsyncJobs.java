package io.migratekit.volume.cloudstack.api;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Waits for jobs that CloudStack works on by itself. Waiting can end and be taken up again, by any process. */
public final class AsyncJobs {
    /** A pause grows up to this times the first: long jobs are not asked for so often. */
    private static final int PAUSE_GROWTH_MAX = 10;

    private static final int INTERNAL_ERROR = 530;

    private final CloudStackClient client;
    private final Duration pollInterval;
    private final Duration timeout;

    /**
     * Makes it.
     *
     * @param pollInterval the first pause between two looks
     * @param timeout how long one call waits for one job
     */
    public AsyncJobs(CloudStackClient client, Duration pollInterval, Duration timeout) {
        this.client = client;
        this.pollInterval = pollInterval;
        this.timeout = timeout;
    }

    /**
     * Waits for the end of a job. A failure {@linkplain VolumeException#goesOn goes on} if the job was seen at work.
     *
     * @param command what was asked, for messages
     * @throws VolumeException of kind UNAVAILABLE if CloudStack does not answer, does not let us look, or the job has not
     *     ended in time; it goes on then, and a repeated call waits for the same job
     */
    public JobEnd await(String command, String jobId) {
        Patience patience = Patience.of(timeout, pollInterval, PAUSE_GROWTH_MAX);
        Optional<JobEnd> end = look(command, jobId);
        while (end.isEmpty()) {
            if (!patience.pause()) {
                throw VolumeException.goingOn(
                        "job %s (%s) of %s has not ended after %s s and goes on; look at the management server if it never does"
                                .formatted(jobId, command, client.host(), seconds(timeout)),
                        null);
            }
            end = lookAgain(command, jobId);
        }
        return end.get();
    }

    /** A moment ago it was at work, so that silence has only just begun. */
    private Optional<JobEnd> lookAgain(String command, String jobId) {
        try {
            return look(command, jobId);
        } catch (VolumeException e) {
            throw e.kind() == Kind.UNAVAILABLE ? VolumeException.goingOn(e.getMessage(), e) : e;
        }
    }

    private Optional<JobEnd> look(String command, String jobId) {
        ApiReply reply = client.ask(ApiCommand.of("queryAsyncJobResult").with("jobid", jobId));
        if (reply instanceof ApiReply.Refusal refusal && refusal.failure().noSuchEntity()) {
            return Optional.of(new JobEnd.Forgotten());
        }
        if (reply instanceof ApiReply.Refusal refusal) {
            throw unseen(command, jobId, refusal.failure());
        }
        JsonNode answer = reply.orThrow();
        return switch (JobStatus.of(jobId, answer)) {
            case PENDING -> Optional.empty();
            case SUCCEEDED -> Optional.of(new JobEnd.Succeeded(answer.path("jobresult")));
            case FAILED -> Optional.of(new JobEnd.Failed(failure(command, jobId, answer)));
        };
    }

    /** That we may not look says nothing about the job, which goes on. */
    private static VolumeException unseen(String command, String jobId, ApiFailure refusal) {
        VolumeException why = refusal.explained();
        return new VolumeException(
                Kind.UNAVAILABLE,
                "job %s (%s) was accepted and goes on, but cannot be looked at: %s"
                        .formatted(jobId, command, why.getMessage()),
                why);
    }

    private ApiFailure failure(String command, String jobId, JsonNode answer) {
        JsonNode result = answer.path("jobresult");
        int code = result.path("errorcode").asInt(answer.path("jobresultcode").asInt(0));
        return new ApiFailure(
                command,
                Optional.of(jobId),
                code == 0 ? INTERNAL_ERROR : code,
                client.withoutKeys(result.path("errortext").asString("")),
                client.host());
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0
                ? Long.toString(time.toSeconds())
                : Double.toString(time.toMillis() / 1000.0);
    }
}
