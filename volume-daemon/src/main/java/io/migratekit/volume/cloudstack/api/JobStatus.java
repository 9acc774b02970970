package io.migratekit.volume.cloudstack.api;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import tools.jackson.databind.JsonNode;

/** How an asynchronous job is. The only place that knows what a job status means. */
public enum JobStatus {
    /** {@code jobstatus} 0: it has not ended. */
    PENDING,
    /** {@code jobstatus} 1: it has done what was asked. */
    SUCCEEDED,
    /** {@code jobstatus} 2: it has not. */
    FAILED;

    /**
     * Reads the reply to {@code queryAsyncJobResult}.
     *
     * @throws VolumeException of kind FAILED if it holds anything but one of the three: what that means for volumes
     *     nobody can tell, so it is neither an end nor a reason to go on waiting
     */
    public static JobStatus of(String jobId, JsonNode answer) {
        JsonNode status = answer.path("jobstatus");
        boolean number = status.isIntegralNumber() && status.canConvertToInt();
        return switch (number ? status.intValue() : -1) {
            case 0 -> PENDING;
            case 1 -> SUCCEEDED;
            case 2 -> FAILED;
            default -> throw unknown(jobId, status);
        };
    }

    private static VolumeException unknown(String jobId, JsonNode status) {
        String text =
                "job %s has the status '%s', and only 0 (pending), 1 (done) and 2 (failed) exist; look at it in CloudStack's events";
        return new VolumeException(Kind.FAILED, text.formatted(jobId, status.isMissingNode() ? "" : status.toString()));
    }
}
