package io.migratekit.shell.vcenter;

import io.migratekit.job.JobException;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.VerificationJob;
import io.migratekit.job.operation.Replications;
import io.migratekit.job.operation.Verifications;
import io.migratekit.shell.account.Services;
import io.migratekit.source.vcenter.tracking.OwnSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells who needs a snapshot with our mark. Whoever cannot be told is believed to need it. */
final class SnapshotOwners {
    private static final Pattern JOB = Pattern.compile("job-\\d{8}-\\d{6}\\.\\d{3}-[0-9a-f]+");
    private static final String SWITCHING_ON = "migratekit-cbt-";

    /** Switching tracking on takes seconds; consolidating what it left may take long. */
    private static final Duration SWITCHING_ON_MAX = Duration.ofHours(6);

    private final Replications replications;
    private final Verifications verifications;
    private final Clock clock;

    private SnapshotOwners(Replications replications, Verifications verifications, Clock clock) {
        this.replications = replications;
        this.verifications = verifications;
        this.clock = clock;
    }

    static SnapshotOwners of(Services services) {
        return new SnapshotOwners(
                services.service(Replications.class),
                services.service(Verifications.class),
                services.service(Clock.class));
    }

    /**
     * Whether a snapshot can go.
     *
     * @param need who needs it
     * @param reason why, for people
     */
    record Verdict(Need need, String reason) {}

    /** Who needs a snapshot. */
    enum Need {
        NOBODY,
        A_JOB,
        /** It is of another installation, or of a database that was given up. */
        UNKNOWN
    }

    Verdict judge(OwnSnapshot snapshot) {
        Matcher job = JOB.matcher(snapshot.name());
        if (job.find()) {
            String id = job.group();
            return replication(id)
                    .map(this::judge)
                    .or(() -> verifications.known(id).map(this::judge))
                    .orElseGet(() -> new Verdict(
                            Need.UNKNOWN, "job %s is not known here; another installation may need it".formatted(id)));
        }
        if (snapshot.name().startsWith(SWITCHING_ON)) {
            boolean old = snapshot.taken().plus(SWITCHING_ON_MAX).isBefore(clock.instant());
            return old
                    ? new Verdict(Need.NOBODY, "left behind when change tracking was switched on")
                    : new Verdict(Need.A_JOB, "change tracking may just be switched on; try again in some hours");
        }
        return new Verdict(Need.UNKNOWN, "its name tells no job; another installation may need it");
    }

    private Optional<ReplicationJob> replication(String id) {
        try {
            return Optional.of(replications.find(id)).filter(job -> job.id().equals(id));
        } catch (JobException.NoSuch e) {
            return Optional.empty();
        }
    }

    private Verdict judge(ReplicationJob job) {
        if (job.status().restartable()) {
            return new Verdict(
                    Need.A_JOB,
                    "job %s is %s; 'replicate restart' goes on with it"
                            .formatted(job.id(), job.status().text()));
        }
        return job.status().active()
                ? new Verdict(Need.A_JOB, atWork(job.id(), replications.processDied(job.id())))
                : ended(job.id());
    }

    private Verdict judge(VerificationJob job) {
        return job.status().active()
                ? new Verdict(Need.A_JOB, atWork(job.id(), verifications.processDied(job.id())))
                : ended(job.id());
    }

    private static String atWork(String jobId, boolean died) {
        return died
                ? "the process of job %s died; 'job recover' first".formatted(jobId)
                : "job %s is at work".formatted(jobId);
    }

    private static Verdict ended(String jobId) {
        return new Verdict(Need.NOBODY, "job %s has ended".formatted(jobId));
    }
}
