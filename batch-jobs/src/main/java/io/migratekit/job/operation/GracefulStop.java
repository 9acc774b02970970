package io.migratekit.job.operation;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.job.replication.ReplicationEngine;
import io.migratekit.job.verification.VerificationEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Lets running jobs end at a commit when the process is asked to end, before the database closes: the highest phase is
 * stopped first.
 */
final class GracefulStop implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(GracefulStop.class);

    private static final String ENDING = "its process is ending";

    private final ReplicationEngine replications;
    private final VerificationEngine verifications;
    private final Workers workers;
    private final MigrateKitSettings settings;
    private volatile boolean running;

    GracefulStop(
            ReplicationEngine replications,
            VerificationEngine verifications,
            Workers workers,
            MigrateKitSettings settings) {
        this.replications = replications;
        this.verifications = verifications;
        this.workers = workers;
        this.settings = settings;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void stop() {
        running = false;
        replications.endAll(ENDING);
        verifications.endAll(ENDING);
        try {
            if (!workers.awaitIdle(settings.replication().stopTimeout())) {
                LOG.warn(
                        "jobs {} did not reach a commit within {}; they end here and can be restarted",
                        replications.running(),
                        settings.replication().stopTimeout());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
